using LlmGuard.Redis.Scripts;

namespace LlmGuard.Redis.Counters;

/// <summary>The scripts that count; see the folder Scripts.</summary>
internal static class CounterScripts
{
    public static readonly RedisScript Charge = ScriptFiles.Load("common", "charge");
    public static readonly RedisScript Settle = ScriptFiles.Load("common", "settle");
    public static readonly RedisScript Renew = ScriptFiles.Load("common", "renew");
}

using LlmGuard.Redis.Client;
using LlmGuard.Redis.Counters;
using Microsoft.Extensions.Options;

namespace LlmGuard.Redis.Tests.Harness;

internal static class Stores
{
    public static RedisClient Client(string endpoint, Action<RedisOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new RedisOptions { Endpoint = endpoint, CommandTimeout = TimeSpan.FromSeconds(10), ConnectTimeout = TimeSpan.FromSeconds(10) };
        configure?.Invoke(options);
        return new RedisClient(Options.Create(options), time ?? TimeProvider.System);
    }

    /// <summary>By the server's clock.</summary>
    public static RedisCounterStore Store(this IRedisScriptRunner client, TimeProvider? clock = null) => new(client, "{test}", clock);
}

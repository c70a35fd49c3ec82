namespace LlmGuard.Redis.Counters;

/// <summary>The scripts that count; see the folder Scripts.</summary>
internal static class CounterScripts
{
    public static readonly RedisScript Charge = Load("charge");
    public static readonly RedisScript Settle = Load("settle");
    public static readonly RedisScript Renew = Load("renew");

    private static RedisScript Load(string name) => new(Read("common") + Read(name));

    private static string Read(string name)
    {
        using var stream = typeof(CounterScripts).Assembly.GetManifestResourceStream($"LlmGuard.Redis.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"The script {name} is not in the package.");
        using var reader = new StreamReader(stream);

        // Whatever line endings the sources were checked out with, the script keeps its name.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

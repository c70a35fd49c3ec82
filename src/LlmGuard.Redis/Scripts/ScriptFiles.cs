namespace LlmGuard.Redis.Scripts;

/// <summary>The scripts that the package carries.</summary>
internal static class ScriptFiles
{
    /// <summary>One script of several files, in their order.</summary>
    public static RedisScript Load(params ReadOnlySpan<string> names)
    {
        var text = "";
        foreach (var name in names)
        {
            text += Read(name);
        }

        return new RedisScript(text);
    }

    private static string Read(string name)
    {
        using var stream = typeof(ScriptFiles).Assembly.GetManifestResourceStream($"LlmGuard.Redis.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"The script {name} is not in the package.");
        using var reader = new StreamReader(stream);

        // Whatever line endings the sources were checked out with, the script keeps its name.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

namespace LlmGuard.Tests.Policy;

/// <summary>The example policies of the plugin guide, which lie beside the repository.</summary>
internal static class SharedExamples
{
    public static string? Directory { get; } = Find();

    public static string? Read(string file) => Directory is null ? null : File.ReadAllText(Path.Combine(Directory, file));

    private static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "shared", "reference", "policy-examples");
            if (System.IO.Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

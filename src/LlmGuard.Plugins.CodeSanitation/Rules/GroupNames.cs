namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>What groups are called in policies and findings.</summary>
internal static class GroupNames
{
    /// <summary>Names and groups.</summary>
    public static readonly KeyValuePair<string, CodeGroup>[] All =
    [
        new("dynamic_evaluation", CodeGroup.DynamicEvaluation),
        new("process_start", CodeGroup.ProcessStart),
        new("deserialisation", CodeGroup.Deserialisation),
        new("network", CodeGroup.Network),
        new("file_system", CodeGroup.FileSystem),
        new("download_and_run", CodeGroup.DownloadAndRun),
        new("reverse_shell", CodeGroup.ReverseShell),
        new("destruction", CodeGroup.Destruction),
        new("credentials", CodeGroup.Credentials),
        new("reflection", CodeGroup.Reflection),
        new("memory", CodeGroup.Memory),
        new("markup", CodeGroup.Markup),
        new("database", CodeGroup.Database),
        new("weak_practice", CodeGroup.WeakPractice),
    ];

    private static readonly Dictionary<CodeGroup, string> Names = All.ToDictionary(g => g.Value, g => g.Key);

    /// <summary>The name of a group.</summary>
    public static string Of(CodeGroup group) => Names[group];
}

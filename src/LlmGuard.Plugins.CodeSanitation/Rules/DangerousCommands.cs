namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>
/// The grave rules of shells whose commands are as grave where a program gives them to a shell. They count there for whoever asks for the language
/// of that program and not for shells.
/// </summary>
internal static class DangerousCommands
{
    /// <summary>How the level of sinks that are given such a command ends.</summary>
    public const string Level = ".dangerous";

    /// <summary>The ids of the rules.</summary>
    public static readonly string[] Ids =
    [
        "shell.download_and_run", "shell.decode_and_run", "shell.encoded_command", "shell.reverse_shell", "shell.destruction",
        "shell.credential_theft",
    ];

    private static readonly bool[] ByNumber = [.. CodeCatalog.Rules.Select(r => Ids.Contains(r.Id))];

    private static readonly int[] Levels =
        [.. Enumerable.Range(0, ByNumber.Length).Where(n => CodeCatalog.Rules[n].Id.EndsWith(Level, StringComparison.Ordinal))];

    /// <summary>Whether a rule is one of them.</summary>
    /// <param name="rule">The number of the rule.</param>
    public static bool Contains(int rule) => rule >= 0 && ByNumber[rule];

    /// <summary>Whether any level of sinks is asked for that such commands decide.</summary>
    /// <param name="isWanted">Whether a rule is asked for, by its number.</param>
    public static bool AreWanted(Func<int, bool> isWanted) => Array.Exists(Levels, level => isWanted(level));
}

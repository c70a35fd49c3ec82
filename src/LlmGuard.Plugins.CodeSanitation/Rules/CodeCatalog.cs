namespace LlmGuard.Plugins.CodeSanitation.Rules;

/// <summary>
/// All rules, the gravest first. A rule of sinks has a level: what it is given is foreign, a dangerous command, dynamic, or none of these.
/// </summary>
internal static class CodeCatalog
{
    /// <summary>The sinks of all languages.</summary>
    public static readonly CodeSink[] Sinks = [.. ScriptSinks.All, .. CompiledSinks.All];

    /// <summary>The rules, by number.</summary>
    public static readonly CodeRule[] Rules = [.. Sinks.SelectMany(Levels).Concat(Structures.All).OrderByDescending(r => r.Severity)];

    private static readonly Dictionary<string, int> Numbers =
        Rules.Select((rule, number) => (rule.Id, number)).ToDictionary(r => r.Id, r => r.number, StringComparer.Ordinal);

    /// <summary>The number of a rule.</summary>
    public static int NumberOf(string id) => Numbers[id];

    /// <summary>The number of a rule, or -1 when there is none of that id.</summary>
    public static int Find(string id) => Numbers.GetValueOrDefault(id, -1);

    private static IEnumerable<CodeRule> Levels(CodeSink sink)
    {
        if (sink.Foreign is { } foreign)
        {
            yield return new CodeRule(sink.Id + ".untrusted", sink.Languages, sink.Group, foreign);
        }

        if (sink.Dangerous is { } dangerous)
        {
            yield return new CodeRule(sink.Id + DangerousCommands.Level, sink.Languages, sink.Group, dangerous);
        }

        if (sink.Dynamic is { } dynamic)
        {
            yield return new CodeRule(sink.Id + ".dynamic", sink.Languages, sink.Group, dynamic);
        }

        if (sink.Literal is { } literal)
        {
            yield return new CodeRule(sink.Id, sink.Languages, sink.Group, literal);
        }
    }
}

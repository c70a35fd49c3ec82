using System.Globalization;
using System.Text;
using LlmGuard.Plugins.CodeSanitation.Reading;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing.Code;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.CodeSanitation;

/// <summary>The settings of one entry, made ready. Immutable.</summary>
internal sealed class CodeSettings
{
    private const int SourceCount = 3;

    private readonly ScanPlan[] _plans;

    private CodeSettings(GuardrailSettings settings)
    {
        var (languages, listed) = ReadLanguages(settings);
        var groups = ReadGroups(settings);
        var least = settings.Choice(
            "min_severity",
            FindingSeverity.Medium,
            new("low", FindingSeverity.Low),
            new("medium", FindingSeverity.Medium),
            new("high", FindingSeverity.High));
        var customs = ReadCustoms(settings);
        Action = settings.Choice(
            "action", CodeAction.Block, new("block", CodeAction.Block), new("sanitize", CodeAction.Sanitize), new("flag", CodeAction.Flag));
        StatusCode = settings.OptionalInt32("status_code", 400, 599);
        Message = settings.OptionalString("error_message");
        Mask = settings.Parsed("sanitize_with", static text => text, "[removed code]");
        RefuseIdle(settings);
        var chosen = CodeCatalog.Rules.Select((rule, number) => (rule, number))
            .Where(r => (r.rule.Languages & languages) != 0 && groups.Contains(r.rule.Group) && r.rule.Severity >= least).ToArray();
        if (chosen.Length + customs.Count == 0 && settings.Problems.Count == 0)
        {
            settings.Problem(null, "selects no rule: every language or group is switched off, and there are no custom patterns");
        }

        RefuseWhatFindsNothing(settings, chosen, listed, groups);
        Rules = [.. customs.Select(c => new CodeRule(c.Id, CodeLanguages.None, CodeGroup.DynamicEvaluation, FindingSeverity.High)),
            .. chosen.Select(c => c.rule)];
        ScanRule[] grammar = [.. chosen.Select(c => (ScanRule)new ScanRule.Grammar(CodeGrammar.Instance, c.number))];
        _plans = [.. Enumerable.Range(0, SourceCount).Select(source => Plan(customs, grammar, source))];
        CustomCount = customs.Count;
        if (Action == CodeAction.Sanitize && settings.Problems.Count == 0
            && new CodeScan(this).Scan(Encoding.UTF8.GetBytes(Mask), SegmentSource.Body).Count > 0)
        {
            settings.Problem("sanitize_with", "is itself what the rules find");
        }
    }

    /// <summary>The rules by their number in the plans: custom ones first.</summary>
    public CodeRule[] Rules { get; }

    public int CustomCount { get; }

    public CodeAction Action { get; }

    public int? StatusCode { get; }

    public string? Message { get; }

    /// <summary>What code becomes.</summary>
    public string Mask { get; }

    /// <summary>The plan for what comes from a source.</summary>
    public ScanPlan PlanOf(SegmentSource source) => _plans[(int)source];

    /// <summary>Reads settings; problems are reported to them.</summary>
    public static CodeSettings Read(GuardrailSettings settings) => new(settings);

    // A pattern of another source is one that never matches, so that numbers are the same everywhere.
    private static ScanPlan Plan(List<Custom> customs, ScanRule[] grammar, int source) => ScanPlans.Shared.Get(
        [.. customs.Select(c => (ScanRule)new ScanRule.Pattern(c.Sources.Contains((SegmentSource)source) ? c.Program : Never)), .. grammar]);

    private static readonly PatternProgram Never = PatternProgram.Compile("\\z.\\A.");

    private static (CodeLanguages All, CodeLanguages Listed) ReadLanguages(GuardrailSettings settings)
    {
        var applyAll = settings.Boolean("apply_all_languages", false);
        var (listed, off) = (CodeLanguages.None, CodeLanguages.None);
        var named = settings.List("languages", item =>
        {
            var language = item.Choice("language", CodeLanguages.None, LanguageNames.Settings);
            if (!item.Has("language"))
            {
                item.Problem("language", "is required");
            }

            var isEnabled = item.Boolean("enabled", true);
            listed |= isEnabled ? language : CodeLanguages.None;
            off |= isEnabled ? CodeLanguages.None : language;
            return language;
        });
        settings.RefuseRepeated("languages", named.Select(static l => LanguageNames.Settings.FirstOrDefault(s => s.Value == l).Key ?? ""));
        settings.RefuseIdle(
            !applyAll && !settings.Has("languages"), "without \"languages\": all languages count where none is named", "apply_all_languages");
        return ((applyAll || !settings.Has("languages") ? CodeLanguages.All : listed) & ~off, applyAll ? CodeLanguages.None : listed & ~off);
    }

    private static HashSet<CodeGroup> ReadGroups(GuardrailSettings settings)
    {
        var names = settings.Strings("groups");
        var groups = new HashSet<CodeGroup>();
        for (var i = 0; i < names.Count; i++)
        {
            var found = Array.FindIndex(GroupNames.All, g => g.Key == names[i]);
            if (found < 0)
            {
                settings.Problem("groups", i, $"is no group of rules: expected one of {string.Join(", ", GroupNames.All.Select(g => g.Key))}");
            }
            else
            {
                groups.Add(GroupNames.All[found].Value);
            }
        }

        settings.RefuseRepeated("groups", names);
        return settings.Has("groups") ? groups : [.. GroupNames.All.Select(g => g.Value)];
    }

    private static List<Custom> ReadCustoms(GuardrailSettings settings)
    {
        var number = 0;
        var read = settings.List("custom_patterns", item =>
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"custom_patterns[{number++}]");
            item.OptionalString("name");
            item.OptionalString("description");
            var program = item.Parsed("pattern", Compile, null, required: true);
            var sources = item.Choice<SegmentSource[]>(
                "content_type",
                [SegmentSource.Body, SegmentSource.Headers, SegmentSource.PathAndQuery],
                new("all", [SegmentSource.Body, SegmentSource.Headers, SegmentSource.PathAndQuery]),
                new("body", [SegmentSource.Body]),
                new("headers", [SegmentSource.Headers]),
                new("path_and_query", [SegmentSource.PathAndQuery]));
            return program is null ? null : new Custom(id, program, sources);
        });
        return [.. read.OfType<Custom>()];
    }

    private static PatternProgram Compile(string text) =>
        text.Length == 0 ? throw new FormatException("must not be empty") : PatternProgram.Compile("(?i)" + text);

    private void RefuseIdle(GuardrailSettings settings)
    {
        settings.RefuseIdle(Action != CodeAction.Sanitize, "unless \"action\" is \"sanitize\"", "sanitize_with");

        // Under "sanitize" they answer where nothing can be taken out.
        settings.RefuseIdle(Action == CodeAction.Flag, "when \"action\" is \"flag\"", "status_code", "error_message");
        settings.RefuseEmpty("error_message");
        if (Encoding.UTF8.GetByteCount(Mask) > 256)
        {
            settings.Problem("sanitize_with", "is too long: expected at most 256 bytes");
        }
    }

    /// <summary>What is chosen and has no rule, because something else that is chosen leaves none of it, would be looked for in vain.</summary>
    private static void RefuseWhatFindsNothing(
        GuardrailSettings settings,
        (CodeRule Rule, int Number)[] chosen,
        CodeLanguages listed,
        HashSet<CodeGroup> groups)
    {
        settings.RefuseIdle(chosen.Length == 0, "here: no rule of the chosen languages and groups is left", "min_severity");
        var idleGroups = GroupNames.All.Where(g => settings.Has("groups") && groups.Contains(g.Value) && chosen.All(c => c.Rule.Group != g.Value));
        foreach (var (name, _) in idleGroups)
        {
            settings.Problem("groups", $"names \"{name}\", of which \"languages\" and \"min_severity\" leave no rule");
        }

        var idleLanguages = LanguageNames.Settings.DistinctBy(static l => l.Value)
            .Where(l => (listed & l.Value) != 0 && chosen.All(c => (c.Rule.Languages & l.Value) == 0));
        foreach (var (name, _) in idleLanguages)
        {
            settings.Problem("languages", $"names \"{name}\", of which \"groups\" and \"min_severity\" leave no rule");
        }
    }

    private sealed record Custom(string Id, PatternProgram Program, SegmentSource[] Sources);
}

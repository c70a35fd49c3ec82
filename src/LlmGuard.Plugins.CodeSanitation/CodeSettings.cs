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

    private static readonly string[] RefusalKeys = ["status_code", "error_message"];

    private readonly ScanPlan[] _plans;

    private CodeSettings(GuardrailSettings settings)
    {
        var languages = ReadLanguages(settings);
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
        RefuseWhatHasNoEffect(settings);
        var chosen = CodeCatalog.Rules.Select((rule, number) => (rule, number))
            .Where(r => (r.rule.Languages & languages) != 0 && groups.Contains(r.rule.Group) && r.rule.Severity >= least).ToArray();
        if (chosen.Length + customs.Count == 0 && settings.Problems.Count == 0)
        {
            settings.Problem(null, "selects no rule: every language or group is switched off, and there are no custom patterns");
        }

        Rules = [.. customs.Select(c => new CodeRule(c.Id, CodeLanguages.None, CodeGroup.DynamicEvaluation, FindingSeverity.High)), .. chosen.Select(c => c.rule)];
        ScanRule[] grammar = [.. chosen.Select(c => (ScanRule)new ScanRule.Grammar(CodeGrammar.Instance, c.number))];
        _plans = [.. Enumerable.Range(0, SourceCount).Select(source => Plan(customs, grammar, source))];
        CustomCount = customs.Count;
        if (Action == CodeAction.Sanitize && settings.Problems.Count == 0 && new CodeScan(this).Scan(Encoding.UTF8.GetBytes(Mask), SegmentSource.Body).Count > 0)
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

    private static CodeLanguages ReadLanguages(GuardrailSettings settings)
    {
        var applyAll = settings.Boolean("apply_all_languages", false);
        var (listed, off) = (CodeLanguages.None, CodeLanguages.None);
        settings.List("languages", item =>
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
        return (applyAll || !settings.Has("languages") ? CodeLanguages.All : listed) & ~off;
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

    private void RefuseWhatHasNoEffect(GuardrailSettings settings)
    {
        if (Action != CodeAction.Sanitize && settings.Has("sanitize_with"))
        {
            settings.Problem("sanitize_with", "has no effect unless \"action\" is \"sanitize\"");
        }

        // Under "sanitize" they answer where nothing can be taken out.
        foreach (var key in Action == CodeAction.Flag ? RefusalKeys.Where(settings.Has) : [])
        {
            settings.Problem(key, "has no effect when \"action\" is \"flag\"");
        }

        if (Encoding.UTF8.GetByteCount(Mask) > 256)
        {
            settings.Problem("sanitize_with", "is too long: expected at most 256 bytes");
        }
    }

    private sealed record Custom(string Id, PatternProgram Program, SegmentSource[] Sources);
}

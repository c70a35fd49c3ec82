using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Folding.Fuzzy;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>The settings of one entry, compiled. Immutable.</summary>
internal sealed record ModerationSettings
{
    private const double DefaultThreshold = 0.8;

    // What goes on from a span before it: the mask stands there.
    private static readonly Replacement Nothing = Replacement.Literal("");

    public required FuzzyWords Keywords { get; init; }

    public required int KeywordCount { get; init; }

    /// <summary>The rules by number: keywords, then patterns.</summary>
    public required IReadOnlyList<ModerationRule> Rules { get; init; }

    /// <summary>The rules as a plan of the scanning engine: keywords, patterns in folded text, patterns in text as it is written.</summary>
    public required ScanPlan Plan { get; init; }

    /// <summary>What is looked for in folded text.</summary>
    public required FoldedRules Folded { get; init; }

    /// <summary>The numbers of those rules in the plan.</summary>
    public int[] FoldedNumbers => [.. Enumerable.Range(0, Folded.RuleCount)];

    public required IReadOnlyList<ModerationPattern> Patterns { get; init; }

    public required ModerationAction Action { get; init; }

    /// <summary>Text of a refusal with the placeholder <c>%s</c> for the reason, or null for the plugin's.</summary>
    public string? Message { get; init; }

    public required Replacement Mask { get; init; }

    /// <summary>The number in the plan of a pattern in text as it is written.</summary>
    public int WrittenNumber(int pattern) => Folded.RuleCount + pattern;

    /// <summary>The rule with a number in the plan.</summary>
    public ModerationRule RuleOf(int number) => Rules[NumberOf(number)];

    /// <summary>Which rule that is, from 0.</summary>
    public int NumberOf(int number) => number < Folded.RuleCount ? number : number - Patterns.Count;

    /// <summary>What a span that was found becomes; null when it must not pass.</summary>
    public Replacement? ReplacementOf(in ScanSpan span) => Action == ModerationAction.Block ? null : span.IsTail ? Nothing : Mask;

    /// <summary>What a caller is told.</summary>
    /// <param name="reason">The type of the finding.</param>
    public GuardrailRefusal Refuse(string reason) => new() { Message = Message?.Replace("%s", reason, StringComparison.Ordinal), Reason = reason };

    public static ModerationSettings Read(GuardrailSettings settings)
    {
        var lists = TopicList.Read(settings);
        var keywords = lists.SelectMany(l => l.Keywords).ToList();
        var patterns = lists.SelectMany(l => l.Patterns).ToList();
        if (keywords.Count + patterns.Count == 0)
        {
            settings.Problem(null, "expected at least one item in \"keywords\" or \"regex\"");
        }

        var words = new FuzzyWords(keywords, ReadThreshold(settings));
        var compiled = patterns.OfType<ModerationPattern>().ToList();
        var folded = new FoldedRules(words, keywords.Count, [.. compiled.Select(p => p.Folded)]);
        var actions = settings.Object("actions");
        var action = actions.Choice(
            "type",
            ModerationAction.Block,
            KeyValuePair.Create("block", ModerationAction.Block),
            KeyValuePair.Create("mask", ModerationAction.Mask),
            KeyValuePair.Create("flag", ModerationAction.Flag),
            KeyValuePair.Create("reject", ModerationAction.Block));
        return new ModerationSettings
        {
            Keywords = words,
            KeywordCount = keywords.Count,
            Rules = [.. lists.SelectMany(l => l.KeywordRules), .. lists.SelectMany(l => l.PatternRules)],
            Plan = PlanOf(folded, compiled),
            Folded = folded,
            Patterns = compiled,
            Action = action,
            Message = ReadMessage(actions, action),
            Mask = ReadMask(actions, action),
        };
    }

    private static ScanPlan PlanOf(FoldedRules folded, List<ModerationPattern> patterns) => new(
        [.. Enumerable.Range(0, folded.RuleCount).Select(rule => new ScanRule.Grammar(folded, rule)),
            .. patterns.Select(p => new ScanRule.Pattern(p.Written))],
        ScanViews.Decoded);

    private static double ReadThreshold(GuardrailSettings settings)
    {
        var threshold = settings.Number("similarity_threshold", DefaultThreshold, 0, 1);
        if (threshold is > 0 and < FuzzyWords.LowestThreshold)
        {
            settings.Problem("similarity_threshold", "is so low that everything matches: expected 0.1 to 1, or 0 for the default of 0.8");
            return DefaultThreshold;
        }

        return threshold == 0 ? DefaultThreshold : threshold;
    }

    private static string? ReadMessage(GuardrailSettings actions, ModerationAction action)
    {
        var message = actions.OptionalString("message");
        actions.RefuseIdle(action != ModerationAction.Block, "unless \"type\" is \"block\"", "message");

        return string.IsNullOrEmpty(message) ? null : message;
    }

    private static Replacement ReadMask(GuardrailSettings actions, ModerationAction action)
    {
        var mask = actions.Parsed("mask_with", static text => Replacement.Literal(text), Replacement.Literal("[MASKED]"));
        actions.RefuseIdle(action != ModerationAction.Mask, "unless \"type\" is \"mask\"", "mask_with");
        return mask;
    }
}

using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>The settings of one entry, compiled. Immutable.</summary>
internal sealed record ModerationSettings
{
    private const double DefaultThreshold = 0.8;

    public required FuzzyWords Keywords { get; init; }

    public required int KeywordCount { get; init; }

    /// <summary>The rules by number: keywords, then patterns.</summary>
    public required IReadOnlyList<ModerationRule> Rules { get; init; }

    /// <summary>The same rules, for encoded text.</summary>
    public required ScanPlan Plan { get; init; }

    public required IReadOnlyList<ModerationPattern> Patterns { get; init; }

    public required ModerationAction Action { get; init; }

    /// <summary>Text of a refusal with the placeholder <c>%s</c> for the reason, or null for the plugin's.</summary>
    public string? Message { get; init; }

    public required Replacement Mask { get; init; }

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
            Plan = PlanOf(words, keywords.Count, compiled),
            Patterns = compiled,
            Action = action,
            Message = ReadMessage(actions, action),
            Mask = ReadMask(actions, action),
        };
    }

    private static ScanPlan PlanOf(FuzzyWords words, int keywords, List<ModerationPattern> patterns)
    {
        var grammar = new KeywordGrammar(words, keywords);
        return new ScanPlan([.. Enumerable.Range(0, keywords).Select(k => new ScanRule.Grammar(grammar, k)), .. patterns.Select(p => new ScanRule.Pattern(p.Written))]);
    }

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
        if (message is not null && action != ModerationAction.Block)
        {
            actions.Problem("message", "has no effect unless \"type\" is \"block\"");
        }

        return string.IsNullOrEmpty(message) ? null : message;
    }

    private static Replacement ReadMask(GuardrailSettings actions, ModerationAction action)
    {
        var hasMask = actions.Has("mask_with");
        var mask = actions.Parsed("mask_with", static text => Replacement.Literal(text), Replacement.Literal("[MASKED]"));
        if (hasMask && action != ModerationAction.Mask)
        {
            actions.Problem("mask_with", "has no effect unless \"type\" is \"mask\"");
        }

        return mask;
    }
}

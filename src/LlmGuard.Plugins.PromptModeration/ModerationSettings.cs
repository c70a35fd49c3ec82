using LlmGuard.Scanning.Folding;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>The settings of one entry, compiled. Immutable.</summary>
internal sealed record ModerationSettings
{
    private const double DefaultThreshold = 0.8;

    public required FuzzyWords Keywords { get; init; }

    public required int KeywordCount { get; init; }

    public required IReadOnlyList<ModerationPattern> Patterns { get; init; }

    public required ModerationAction Action { get; init; }

    /// <summary>Text of a refusal with the placeholder <c>%s</c> for the reason, or null for the plugin's.</summary>
    public string? Message { get; init; }

    public required Replacement Mask { get; init; }

    public static ModerationSettings Read(GuardrailSettings settings)
    {
        var keywords = ReadKeywords(settings);
        var patterns = ReadPatterns(settings);
        if (keywords.Count + patterns.Count == 0)
        {
            settings.Problem(null, "expected at least one item in \"keywords\" or \"regex\"");
        }

        var words = new FuzzyWords(keywords, ReadThreshold(settings));
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
            Patterns = [.. patterns.OfType<ModerationPattern>()],
            Action = action,
            Message = ReadMessage(actions, action),
            Mask = ReadMask(actions, action),
        };
    }

    private static List<string> ReadKeywords(GuardrailSettings settings)
    {
        var keywords = new List<string>();
        foreach (var keyword in ReadTexts(settings, "keywords"))
        {
            var isSearchable = keyword is null || FuzzyWords.IsSearchable(keyword);
            if (!isSearchable)
            {
                settings.Problem("keywords", keywords.Count, $"expected a text with something visible in it and at most {FuzzyWords.LongestKeyword} characters");
            }

            // What was refused keeps its place, so that the others keep their numbers.
            keywords.Add(isSearchable && keyword is not null ? keyword : "");
        }

        return keywords;
    }

    // Null stands for a pattern that was refused.
    private static List<ModerationPattern?> ReadPatterns(GuardrailSettings settings)
    {
        var patterns = new List<ModerationPattern?>();
        foreach (var text in ReadTexts(settings, "regex"))
        {
            ModerationPattern? pattern = null;
            try
            {
                pattern = text is null ? null : ModerationPattern.Compile(text);
            }
            catch (FormatException refusal)
            {
                settings.Problem("regex", patterns.Count, refusal.Message);
            }

            patterns.Add(pattern);
        }

        return patterns;
    }

    // Null stands for an item that has been reported for its type.
    private static IEnumerable<string?> ReadTexts(GuardrailSettings settings, string key)
    {
        var problems = settings.Problems.Count;
        var texts = settings.Strings(key);
        var isMistyped = settings.Problems.Count > problems;
        return texts.Select(text => isMistyped && text.Length == 0 ? null : text);
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

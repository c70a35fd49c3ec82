using System.Collections.Frozen;

namespace LlmGuard.Plugins.BedrockGuardrail.Settings;

/// <summary>Which checks are made without a guardrail, and from which score on they count. Immutable.</summary>
internal sealed record CheckSettings
{
    /// <summary>The categories of harmful content.</summary>
    public static FrozenSet<string> ContentCategories { get; } =
        FrozenSet.Create(StringComparer.Ordinal, "VIOLENCE", "HATE", "SEXUAL", "MISCONDUCT", "INSULTS");

    /// <summary>The categories of attacks.</summary>
    public static FrozenSet<string> AttackCategories { get; } =
        FrozenSet.Create(StringComparer.Ordinal, "JAILBREAK", "PROMPT_INJECTION", "PROMPT_LEAKAGE");

    /// <summary>Thresholds per category; empty when there is no such check.</summary>
    public required IReadOnlyDictionary<string, double> Content { get; init; }

    /// <summary>Thresholds per category; empty when there is no such check.</summary>
    public required IReadOnlyDictionary<string, double> Attacks { get; init; }

    /// <summary>Types of sensitive information; empty when there is no such check.</summary>
    public required IReadOnlyList<string> Pii { get; init; }

    /// <summary>From which confidence on sensitive information counts.</summary>
    public double MinConfidence { get; init; }

    /// <summary>Reads the object <c>checks</c>; null when it is absent.</summary>
    public static CheckSettings? Read(GuardrailSettings settings)
    {
        var isGiven = settings.Has("checks");
        var checks = settings.Object("checks");
        var content = Thresholds(checks, "content_filter", ContentCategories);
        var attacks = Thresholds(checks, "prompt_attack", AttackCategories);
        var (types, minConfidence) = ReadPii(checks);
        if (!isGiven)
        {
            return null;
        }

        if (content.Count + attacks.Count + types.Count == 0)
        {
            settings.Problem("checks", "expected at least one of \"content_filter\", \"prompt_attack\" and \"sensitive_information\"");
        }

        return new CheckSettings { Content = content, Attacks = attacks, Pii = types, MinConfidence = minConfidence };
    }

    private static SortedDictionary<string, double> Thresholds(GuardrailSettings checks, string key, FrozenSet<string> known)
    {
        var thresholds = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (category, threshold) in checks.Map(key, static value => value.Number("value", 1, 0, 1)))
        {
            if (!known.Contains(category))
            {
                checks.Problem(key, $"\"{category}\" is not one of {string.Join(", ", known.Order(StringComparer.Ordinal))}");
            }

            thresholds[category] = threshold;
        }

        return thresholds;
    }

    private static (IReadOnlyList<string> Types, double MinConfidence) ReadPii(GuardrailSettings checks)
    {
        const string key = "sensitive_information";
        var isGiven = checks.Has(key);
        var pii = checks.Object(key);
        var minConfidence = pii.Number("min_confidence", 0.5, 0, 1);
        var types = pii.Strings("entities");
        for (var i = 0; i < types.Count; i++)
        {
            if (!PiiTypes.IsKnown(types[i]))
            {
                pii.Problem("entities", i, "is not a type of sensitive information that Bedrock knows, such as EMAIL or PHONE");
            }
        }

        pii.RefuseEmpty("entities");
        pii.RefuseRepeated("entities", types);
        IReadOnlyList<string> wanted = types.Count > 0 ? types : PiiTypes.All;
        return (isGiven ? wanted : [], minConfidence);
    }
}

using System.Collections.Frozen;
using LlmGuard.Plugins.ToxicityAzure.Analysis;

namespace LlmGuard.Plugins.ToxicityAzure.Settings;

/// <summary>The categories of harm that are judged, and from which severity each counts.</summary>
internal sealed record HarmThresholds
{
    private const int DefaultSeverity = 2;

    /// <summary>The severity from which a category counts, for every category that is judged.</summary>
    public required FrozenDictionary<string, int> Texts { get; init; }

    /// <summary>The same for images, which are always rated on four levels.</summary>
    public required FrozenDictionary<string, int> Images { get; init; }

    /// <summary>The judged categories in Azure's order.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>How many levels texts are rated on.</summary>
    public required SeverityScale Scale { get; init; }

    public static HarmThresholds Read(GuardrailSettings settings)
    {
        var scale = settings.Choice(
            "output_type",
            SeverityScale.Four,
            KeyValuePair.Create(SeverityScale.Four.Name, SeverityScale.Four),
            KeyValuePair.Create(SeverityScale.Eight.Name, SeverityScale.Eight));
        var categories = settings.Strings("categories");
        for (var i = 0; i < categories.Count; i++)
        {
            if (Concern.OfCategory(categories[i]) is null)
            {
                settings.Problem("categories", i, "expected one of " + Known);
            }
        }

        settings.RefuseEmpty("categories", "category_severity");
        settings.RefuseRepeated("categories", categories);
        var severities = settings.Map("category_severity", static value => value.Int32("value", DefaultSeverity, 1, 7));
        foreach (var (category, severity) in severities)
        {
            if (Concern.OfCategory(category) is null)
            {
                settings.Problem("category_severity", $"has an unknown category: expected {Known}");
            }
            else if (categories.Count > 0 && !categories.Contains(category, StringComparer.Ordinal))
            {
                settings.Problem("category_severity", $"has a severity for {category}, which \"categories\" leaves out");
            }
            else if (!scale.Contains(severity))
            {
                settings.Problem("category_severity", $"has the severity {severity} for {category}: with {scale.Name} expected 2, 4 or 6");
            }
        }

        return Of(scale, [.. Concern.Categories.Select(c => c.Words).Where(c => categories.Count == 0
            || categories.Contains(c, StringComparer.Ordinal))], severities);
    }

    private static string Known => string.Join(", ", Concern.Categories.Select(c => c.Words));

    private static HarmThresholds Of(SeverityScale scale, string[] categories, IReadOnlyList<KeyValuePair<string, int>> severities)
    {
        var texts = categories.ToDictionary(
            static category => category,
            category => severities.Where(s => s.Key == category).Select(s => (int?)s.Value).FirstOrDefault() ?? DefaultSeverity,
            StringComparer.Ordinal);
        return new HarmThresholds
        {
            Scale = scale,
            Categories = categories,
            Texts = texts.ToFrozenDictionary(StringComparer.Ordinal),
            Images = texts.ToFrozenDictionary(static t => t.Key, static t => SeverityScale.OnFourLevels(t.Value), StringComparer.Ordinal),
        };
    }
}

using System.Collections.Frozen;
using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityAzure.Analysis;

/// <summary>Reads <c>categoriesAnalysis</c>, which texts and images have in common.</summary>
internal static class CategoriesReading
{
    /// <summary>Reads the severities.</summary>
    /// <param name="analysis">The array; null when it is missing.</param>
    /// <param name="thresholds">From which severity each judged category counts.</param>
    /// <param name="scale">The levels there are.</param>
    /// <param name="add">Told the categories that count, and how severe each is.</param>
    /// <returns>Whether every judged category has a known severity, and no other category is there that nobody knows.</returns>
    public static bool Read(
        JsonElement? analysis,
        FrozenDictionary<string, int> thresholds,
        SeverityScale scale,
        Action<Concern, FindingSeverity> add)
    {
        if (analysis is not { } categories)
        {
            return false;
        }

        var rated = new HashSet<string>(StringComparer.Ordinal);
        var isComplete = true;
        foreach (var item in categories.Items())
        {
            var category = item.Required("category").Text();
            if (Concern.OfCategory(category) is not { } concern)
            {
                // Nobody has decided what to do about it.
                isComplete = false;
            }
            else if (thresholds.TryGetValue(category, out var threshold) && item.Optional("severity") is { } level)
            {
                var severity = level.Int32(0, int.MaxValue);
                rated.Add(category);
                isComplete &= scale.Contains(severity);
                if (severity >= threshold)
                {
                    add(concern, SeverityScale.GravityOf(severity));
                }
            }
        }

        return isComplete && rated.Count == thresholds.Count;
    }
}

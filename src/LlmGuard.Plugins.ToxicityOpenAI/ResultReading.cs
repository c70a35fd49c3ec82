using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>Reads one result: which categories count, and whether everything that is to be judged was.</summary>
internal sealed class ResultReading(ModerationSettings settings, bool readsImage)
{
    // The model flagged the input and names no category.
    private const string Unnamed = "flagged";

    private readonly Dictionary<string, double> _violations = new(StringComparer.Ordinal);

    /// <summary>The categories that count and their scores.</summary>
    public IReadOnlyDictionary<string, double> Violations => _violations;

    /// <summary>Whether every category that is judged was scored, and no other was.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <exception cref="UnusableAnswerException">A member is missing or of another type.</exception>
    public void Read(JsonElement result)
    {
        var flagged = result.Required("flagged").Boolean();
        var flags = result.Required("categories");
        var scores = result.Required("category_scores");
        var flaggedByName = false;
        foreach (var member in flags.Members())
        {
            var isFlagged = member.Value.ValueKind != JsonValueKind.Null && member.Value.Boolean();
            flaggedByName |= isFlagged;
            if (isFlagged && settings.BlockOnFlagged && IsJudged(member.Name))
            {
                _violations[member.Name] = scores.Optional(member.Name)?.Number(0, 1) ?? 1;
            }
        }

        foreach (var member in scores.Members())
        {
            var score = member.Value.ValueKind == JsonValueKind.Null ? (double?)null : member.Value.Number(0, 1);
            if (score is { } given && settings.Thresholds.TryGetValue(member.Name, out var threshold) && given >= threshold)
            {
                _violations[member.Name] = given;
            }

            IsComplete &= IsExpected(member.Name);
        }

        if (flagged && !flaggedByName && settings.BlockOnFlagged)
        {
            _violations[Unnamed] = 1;
        }

        IsComplete &= CoversAll(flags, scores) && (!readsImage || WasSeen(result));
    }

    private bool IsJudged(string category) => settings.Categories?.Contains(category) ?? true;

    // With a list of categories the others are out of scope; without one, a category nobody knows is something nobody decided about.
    private bool IsExpected(string category) =>
        settings.Categories is not null || ModerationCategories.IsKnown(category) || settings.Thresholds.ContainsKey(category);

    private bool CoversAll(JsonElement flags, JsonElement scores)
    {
        foreach (var member in flags.Members())
        {
            if (!IsExpected(member.Name))
            {
                return false;
            }
        }

        foreach (var category in settings.Categories ?? ModerationCategories.Always)
        {
            if (flags.Optional(category) is null || scores.Optional(category) is null)
            {
                return false;
            }
        }

        foreach (var (category, _) in settings.Thresholds)
        {
            if (scores.Optional(category) is null)
            {
                return false;
            }
        }

        return true;
    }

    // A model that reads text only answers as if the image were harmless.
    private static bool WasSeen(JsonElement result)
    {
        foreach (var member in result.Required("category_applied_input_types").Members())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            foreach (var type in member.Value.Items())
            {
                if (type.Text() == "image")
                {
                    return true;
                }
            }
        }

        return false;
    }
}

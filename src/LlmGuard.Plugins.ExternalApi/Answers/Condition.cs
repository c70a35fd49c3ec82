using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>What a condition that holds leads to.</summary>
internal enum ConditionAction
{
    Allow,
    Flag,
    Mask,
    Block,
}

/// <summary>One of <c>conditions</c>. Immutable.</summary>
/// <param name="Name">Its name in findings and as the reason.</param>
/// <param name="Field">What it looks at; null for the HTTP status.</param>
/// <param name="Comparison">What is compared; null for whether the field is there.</param>
/// <param name="ShouldExist">Without a comparison: whether the field must be there.</param>
/// <param name="Action">What it leads to.</param>
/// <param name="Message">The refusal's text.</param>
/// <param name="StatusCode">The refusal's status; null for the plugin's.</param>
internal sealed record Condition(
    string Name,
    AnswerPath? Field,
    Comparison? Comparison,
    bool ShouldExist,
    ConditionAction Action,
    MessageTemplate Message,
    int? StatusCode)
{
    /// <summary>Whether it holds: for at least one of the values where there are several. Null when the answer does not say.</summary>
    public bool? Holds(JudgeAnswer answer)
    {
        if (Field is null)
        {
            return HoldsFor(StatusOf(answer));
        }

        var found = new List<JsonElement>();
        var isWhole = Field.Collect(answer.Root, found);
        if (Comparison is null)
        {
            return found.Count > 0 == ShouldExist;
        }

        var isKnown = isWhole && found.Count > 0;
        foreach (var value in found)
        {
            switch (HoldsFor(value))
            {
                case true:
                    return true;
                case null:
                    isKnown = false;
                    break;
            }
        }

        return isKnown ? false : null;
    }

    private static JsonElement StatusOf(JudgeAnswer answer)
    {
        using var number = JsonDocument.Parse(answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return number.RootElement.Clone();
    }

    private bool? HoldsFor(JsonElement value)
    {
        try
        {
            return Comparison!.Holds(value);
        }
        catch (UnusableAnswerException)
        {
            return null;
        }
    }
}

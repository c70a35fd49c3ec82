using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi.Answers;

/// <summary>Compares strings with strings, numbers with numbers and booleans with booleans.</summary>
internal static class Scalars
{
    /// <exception cref="UnusableAnswerException">The value is of another type than what is expected.</exception>
    public static bool AreEqual(JsonElement value, JsonElement expected) => expected.ValueKind switch
    {
        JsonValueKind.String => value.Text() == expected.GetString(),
        JsonValueKind.Number => value.Number(double.MinValue, double.MaxValue) == expected.GetDouble(),
        _ => value.Boolean() == expected.GetBoolean(),
    };

    public static bool IsScalar(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
}

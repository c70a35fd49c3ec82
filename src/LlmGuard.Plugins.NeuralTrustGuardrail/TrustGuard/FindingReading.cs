using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary>Reads what TrustGuard detected.</summary>
internal static class FindingReading
{
    /// <summary>The findings as far as they can be understood: the status stands by itself.</summary>
    public static IReadOnlyList<GuardrailFinding> Read(JsonElement root, Func<JsonElement, (JsonElement? Name, JsonElement? Confidence)> members)
    {
        if (root.Optional("findings") is not { ValueKind: JsonValueKind.Array } items)
        {
            return [];
        }

        var findings = new List<GuardrailFinding>();
        foreach (var item in items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            var (name, confidence) = members(item);
            findings.Add(new GuardrailFinding(
                DetectionNames.Of(name is { ValueKind: JsonValueKind.String } text ? text.Text() : null),
                "trustguard",
                Confidence: confidence is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var given)
                    ? Math.Clamp(given, 0, 1)
                    : 1));
        }

        return findings;
    }
}

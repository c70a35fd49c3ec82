using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Verdicts;

/// <summary>What Noma's detectors found in one item. The verdict does not depend on it; whether and what is masked does.</summary>
internal sealed class ScanResult
{
    /// <summary>Names that may be recorded and shown. Others are an account's own, and might quote.</summary>
    private static readonly string[] Known =
    [
        "harmfulContent", "maliciousIntent", "code", "sensitiveData", "dataDetector", "bannedTopics", "allowedTopics", "topicGuardrails",
        "topicDetector", "customLlm", "promptInjection", "jailbreak",
    ];

    private readonly SortedSet<string> _triggered = new(StringComparer.Ordinal);

    private ScanResult(string? role) => Role = role;

    /// <summary>Whose item it is; null when Noma does not say.</summary>
    public string? Role { get; }

    /// <summary>The detectors that fired.</summary>
    public IReadOnlyCollection<string> Triggered => _triggered;

    public bool HasTriggered => _triggered.Count > 0;

    /// <summary>Whether what fired, if anything, is about sensitive data only, and all of it was understood.</summary>
    public bool IsOnlySensitive { get; private set; } = true;

    /// <summary>The text with sensitive values replaced by asterisks; null when there is none.</summary>
    public string? Anonymized { get; private set; }

    /// <summary>The list <c>scanResult</c>; empty when it is absent or no list.</summary>
    public static IReadOnlyList<ScanResult> AllOf(JsonElement answer)
    {
        if (answer.Optional("scanResult") is not { ValueKind: JsonValueKind.Array } items)
        {
            return [];
        }

        var results = new List<ScanResult>();
        foreach (var item in items.EnumerateArray())
        {
            var isObject = item.ValueKind == JsonValueKind.Object;
            var role = isObject && item.Optional("role") is { ValueKind: JsonValueKind.String } text ? text.Text() : null;
            results.Add(Of(isObject ? item.Optional("results") : null, role));
        }

        return results;
    }

    /// <summary>One object of detectors.</summary>
    /// <param name="detectors">The object; anything else is nothing.</param>
    /// <param name="role">Whose item it is.</param>
    public static ScanResult Of(JsonElement? detectors, string? role)
    {
        var result = new ScanResult(role);
        if (detectors is not { ValueKind: JsonValueKind.Object } members)
        {
            return result;
        }

        foreach (var member in members.EnumerateObject())
        {
            if (member.Name == "anonymizedContent")
            {
                result.Anonymized = TextOf(member.Value);
            }
            else if (member.Name != "metadata")
            {
                result.Read(member.Name, member.Value);
            }
        }

        return result;
    }

    private static string? TextOf(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.Optional("anonymized") is { ValueKind: JsonValueKind.String } text
            && text.Text() is { Length: > 0 } anonymized
            ? anonymized
            : null;

    private void Read(string name, JsonElement detector)
    {
        if (!HasFired(detector))
        {
            return;
        }

        _triggered.Add(Known.Contains(name, StringComparer.Ordinal) ? name : "other");
        IsOnlySensitive &= name is "sensitiveData" or "dataDetector";
    }

    // A detector, or a group of named ones.
    private static bool HasFired(JsonElement detector)
    {
        if (detector.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (IsTrue(detector))
        {
            return true;
        }

        foreach (var member in detector.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && IsTrue(member.Value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTrue(JsonElement detector) => detector.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.True;
}

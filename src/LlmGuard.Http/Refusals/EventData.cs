using System.Text.Json;

namespace LlmGuard.Http.Refusals;

/// <summary>Reads members of an event without minding what else they might be.</summary>
internal static class EventData
{
    /// <summary>The text of a member, or null.</summary>
    public static string? Text(this JsonElement data, string name) =>
        data.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The value of a member that is a whole number, or null.</summary>
    public static long? Whole(this JsonElement data, string name) =>
        data.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>The items of a member that is an array; none of any other.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement data, string name) =>
        data.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>A member, or an undefined value.</summary>
    public static JsonElement Member(this JsonElement data, string name) =>
        data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var value) ? value : default;
}

using System.Collections.Frozen;
using System.Text.Json;

namespace LlmGuard.Plugins.ToxicityAzure;

/// <summary>Reads Azure's error object as far as needed to tell a refused text from a refused configuration.</summary>
internal static class ContentSafetyError
{
    private const int MaxDepth = 16;

    // A blocklist or a version that does not exist has nothing to do with the text.
    private static readonly FrozenSet<string> ConfigurationCodes = FrozenSet.Create(
        StringComparer.Ordinal,
        "InvalidResourceName", "ResourceNotFound", "UnsupportedApiVersion",
        "UnsupportedApiVersionValue", "InvalidApiVersionParameter", "MissingApiVersionParameter");

    /// <summary>Whether the error, one of its details or one of its inner errors is about the resource, its blocklists or the version.</summary>
    public static bool IsAboutConfiguration(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document))
            {
                return false;
            }

            using (document)
            {
                return Member(document.RootElement, "error") is { } error && NamesConfiguration(error);
            }
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool NamesConfiguration(JsonElement error)
    {
        if (Member(error, "code") is { ValueKind: JsonValueKind.String } code && ConfigurationCodes.Any(known => code.ValueEquals(known)))
        {
            return true;
        }

        return (Member(error, "innererror") is { } inner && NamesConfiguration(inner))
            || (Member(error, "details") is { ValueKind: JsonValueKind.Array } details && details.EnumerateArray().Any(NamesConfiguration));
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;
}

using System.Text.Json;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>Reads OpenAI's error object as far as needed to tell a refused text from a refused configuration.</summary>
internal static class ModerationError
{
    /// <summary>Whether the error is about the model, the key, the account or its quota.</summary>
    public static bool IsAboutConfiguration(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document))
            {
                return false;
            }

            using (document)
            {
                return document.RootElement.ValueKind == JsonValueKind.Object
                    && document.RootElement.TryGetProperty("error", out var error)
                    && error.ValueKind == JsonValueKind.Object
                    && (Is(error, "param", "model")
                        || Is(error, "code", "model_not_found")
                        || Is(error, "code", "invalid_api_key")
                        || Is(error, "code", "insufficient_quota")
                        || Is(error, "type", "insufficient_quota")
                        || Is(error, "code", "billing_hard_limit_reached"));
            }
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Is(JsonElement error, string name, string value) =>
        error.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.ValueEquals(value);
}

using System.Text.Json;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>Tells the dialect of a stream by its first event, where the request did not tell.</summary>
internal static class StreamDialect
{
    public static string? FromEvent(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                var dialect = reader.ValueTextEquals("choices"u8) ? "openai.chat_completions"
                    : reader.ValueTextEquals("candidates"u8) ? "google.gemini" : null;
                if (dialect is not null || !reader.Read())
                {
                    return dialect;
                }

                if (isType && reader.TokenType == JsonTokenType.String)
                {
                    return reader.ValueTextEquals("message_start"u8) ? "anthropic.messages"
                        : reader.ValueTextEquals("response.created"u8) ? "openai.responses"
                        : null;
                }

                reader.Skip();
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not readable: whoever reads it strictly says so.
            return null;
        }
    }
}

using System.Text.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>The last event of a stream with <c>include_usage</c>: no choices, and the usage.</summary>
internal static class OpenAiUsageEvent
{
    public static bool Is(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var hasNoChoices = false;
        var hasUsage = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isChoices = reader.ValueTextEquals("choices"u8);
                var isUsage = reader.ValueTextEquals("usage"u8);
                reader.Read();
                hasUsage |= isUsage && reader.TokenType == JsonTokenType.StartObject;
                if (isChoices)
                {
                    hasNoChoices = reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.EndArray;
                    if (!hasNoChoices)
                    {
                        return false;
                    }
                }
                else
                {
                    reader.Skip();
                }
            }

            return hasNoChoices && hasUsage;
        }
        catch (JsonException)
        {
            // Not what is looked for; whether it is acceptable is not asked here.
            return false;
        }
    }
}

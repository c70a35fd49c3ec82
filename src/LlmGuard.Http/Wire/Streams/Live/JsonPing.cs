using System.Text.Json;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>An event that says nothing but that the connection lives: <c>{"type": "ping"}</c>.</summary>
internal static class JsonPing
{
    public static bool Is(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject
            && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("type"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("ping"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.EndObject;
    }
}

using System.Text.Json;

namespace LlmGuard.Http.Wire.Streams.Live.Framing;

/// <summary>An event that says nothing but that the connection lives: <c>{"type": "ping"}</c>.</summary>
internal static class JsonPing
{
    private const int LongestPing = 64;

    /// <summary>Whether an event carries a ping.</summary>
    public static bool IsCarriedBy(LineFrame frame) =>
        frame.Json is { SegmentCount: 0 } && frame.Text.Length <= LongestPing && Is(frame.Text.Span);

    private static bool Is(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject
            && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("type"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("ping"u8)
            && reader.Read() && reader.TokenType == JsonTokenType.EndObject;
    }
}

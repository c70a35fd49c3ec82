using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace LlmGuard.Http.Wire.AmazonEvents;

/// <summary>The payload of a <c>chunk</c>: <c>{"bytes": "...", "p": "..."}</c>, whose bytes are an event of the model's own in base64.</summary>
/// <param name="Payload">The payload as sent.</param>
/// <param name="Value">The string of the bytes within it, with its quotes.</param>
/// <param name="Event">What it decodes to.</param>
/// <param name="Envelope">The payload with <c>null</c> for the bytes, so that no text of it goes unread.</param>
internal sealed record AmazonChunk(ReadOnlyMemory<byte> Payload, TextSpan Value, ReadOnlyMemory<byte> Event, ReadOnlyMemory<byte> Envelope)
{
    private static readonly byte[] Null = "null"u8.ToArray();

    /// <summary>A payload that carries an event.</summary>
    public static byte[] Of(ReadOnlySpan<byte> text)
    {
        var payload = new ArrayBufferWriter<byte>(Base64.GetMaxEncodedToUtf8Length(text.Length) + 16);
        using (var writer = new Utf8JsonWriter(payload))
        {
            writer.WriteStartObject();
            writer.WriteBase64String("bytes"u8, text);
            writer.WriteEndObject();
        }

        return payload.WrittenSpan.ToArray();
    }

    /// <summary>Reads a payload; false when it is none, or its bytes are not base64, and then it is to be read as any other.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> payload, out AmazonChunk chunk)
    {
        chunk = null!;
        try
        {
            var reader = new Utf8JsonReader(payload.Span);
            if (!TryFindBytes(ref reader))
            {
                return false;
            }

            var value = new TextSpan((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
            var text = new byte[value.Length];
            text = text[..reader.CopyString(text)];
            var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
            if (Base64.DecodeFromUtf8(text, bytes, out _, out var length) != OperationStatus.Done || length == 0)
            {
                return false;
            }

            chunk = new AmazonChunk(payload, value, bytes.AsMemory(0, length), ByteSplice.Apply(payload.Span, [new ByteSplice(value, Null)]));
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Malformed, or a lone surrogate: the strict reader says so.
            return false;
        }
    }

    /// <summary>The payload with another event.</summary>
    public ReadOnlyMemory<byte> With(ReadOnlyMemory<byte> text)
    {
        var value = new byte[Base64.GetMaxEncodedToUtf8Length(text.Length) + 2];
        value[0] = (byte)'"';
        Base64.EncodeToUtf8(text.Span, value.AsSpan(1), out _, out var length);
        value[length + 1] = (byte)'"';
        return ByteSplice.Apply(Payload.Span, [new ByteSplice(Value, value.AsMemory(0, length + 2))]);
    }

    // A second one of that name is refused with the envelope, where both still stand.
    private static bool TryFindBytes(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBytes = reader.ValueTextEquals("bytes"u8);
            if (!reader.Read())
            {
                return false;
            }

            if (isBytes)
            {
                return reader.TokenType == JsonTokenType.String;
            }

            reader.Skip();
        }

        return false;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.AmazonEvents;

/// <summary>Writes messages of AWS's binary event streams with both checksums.</summary>
internal static class AmazonEventWriter
{
    /// <summary>Writes a message with headers as they stand in another one.</summary>
    /// <param name="output">Gets the message.</param>
    /// <param name="headers">The headers in their binary form.</param>
    /// <param name="payload">The payload.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        var length = AmazonEventFrame.Overhead + headers.Length + payload.Length;
        var message = output.GetSpan(length)[..length];
        BinaryPrimitives.WriteInt32BigEndian(message, length);
        BinaryPrimitives.WriteInt32BigEndian(message[4..], headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], Crc32.Of(message[..8]));
        headers.CopyTo(message[AmazonEventFrame.PreludeLength..]);
        payload.CopyTo(message[(AmazonEventFrame.PreludeLength + headers.Length)..]);
        BinaryPrimitives.WriteUInt32BigEndian(message[(length - 4)..], Crc32.Of(message[..(length - 4)]));
        output.Advance(length);
    }

    /// <summary>Writes an event as services send them.</summary>
    /// <param name="output">Gets the message.</param>
    /// <param name="eventType">The member of the stream's union that the payload is.</param>
    /// <param name="payload">The payload, in JSON.</param>
    public static void WriteEvent(IBufferWriter<byte> output, string eventType, ReadOnlySpan<byte> payload) =>
        Write(output, Headers((":event-type", eventType), (":content-type", "application/json"), (":message-type", "event")), payload);

    /// <summary>Writes an exception, which ends a stream and which SDKs raise.</summary>
    /// <param name="output">Gets the message.</param>
    /// <param name="exceptionType">The member of the stream's union that the exception is, such as <c>validationException</c>.</param>
    /// <param name="payload">The payload, in JSON.</param>
    public static void WriteException(IBufferWriter<byte> output, string exceptionType, ReadOnlySpan<byte> payload) =>
        Write(output, Headers((":exception-type", exceptionType), (":content-type", "application/json"), (":message-type", "exception")), payload);

    /// <summary>Headers whose values are texts, in their binary form.</summary>
    public static byte[] Headers(params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (var (name, value) in headers)
        {
            var text = Encoding.UTF8.GetBytes(value);
            bytes.WriteByte((byte)name.Length);
            bytes.Write(Encoding.ASCII.GetBytes(name));
            bytes.WriteByte(AmazonEventHeader.Text);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
            bytes.Write(length);
            bytes.Write(text);
        }

        return bytes.ToArray();
    }
}

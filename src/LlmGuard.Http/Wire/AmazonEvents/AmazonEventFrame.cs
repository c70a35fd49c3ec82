using System.Buffers;
using System.Buffers.Binary;
using LlmGuard.Http.Wire.Encodings;

namespace LlmGuard.Http.Wire.AmazonEvents;

/// <summary>
/// Where the parts of one message of AWS's binary event streams (<c>application/vnd.amazon.eventstream</c>) stand: total length, length of the
/// headers and a checksum of both, headers, payload, and a checksum of everything before it. All numbers are big-endian.
/// </summary>
/// <param name="Length">Bytes of the whole message.</param>
/// <param name="HeadersLength">Bytes of its headers, which follow the twelve bytes of the prelude.</param>
internal readonly record struct AmazonEventFrame(int Length, int HeadersLength)
{
    /// <summary>Bytes of the prelude.</summary>
    public const int PreludeLength = 12;

    /// <summary>Bytes of a message without headers and payload.</summary>
    public const int Overhead = PreludeLength + 4;

    /// <summary>Most bytes of headers, as AWS limits them.</summary>
    public const int MaxHeaders = 128 * 1024;

    /// <summary>Most bytes of a message, as AWS limits them.</summary>
    public const int MaxLength = 24 * 1024 * 1024;

    /// <summary>The headers within the message.</summary>
    public TextSpan Headers => new(PreludeLength, HeadersLength);

    /// <summary>The payload within the message.</summary>
    public TextSpan Payload => new(PreludeLength + HeadersLength, Length - Overhead - HeadersLength);

    /// <summary>
    /// Reads the message that a buffer starts with. Looks at the lengths as soon as they are there, so that no bad message is waited for.
    /// </summary>
    /// <param name="buffer">The bytes so far.</param>
    /// <param name="maxLength">Most bytes of a message; at most <see cref="MaxLength"/> counts.</param>
    /// <param name="frame">The message, when it is there whole and right.</param>
    public static AmazonEventStatus TryRead(ReadOnlySpan<byte> buffer, int maxLength, out AmazonEventFrame frame)
    {
        var status = TryReadPrelude(buffer, maxLength, out frame);
        if (status != AmazonEventStatus.Complete)
        {
            return status;
        }

        if (buffer.Length < frame.Length)
        {
            return AmazonEventStatus.Incomplete;
        }

        return IsSumRight(buffer[..frame.Length]) && AmazonEventHeaders.AreValid(buffer.Slice(PreludeLength, frame.HeadersLength))
            ? AmazonEventStatus.Complete
            : AmazonEventStatus.Malformed;
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, int, out AmazonEventFrame)"/>
    /// <remarks>A message over several segments is checked where it stands; only its headers are copied, when they are cut.</remarks>
    public static AmazonEventStatus TryRead(in ReadOnlySequence<byte> buffer, int maxLength, out AmazonEventFrame frame)
    {
        if (buffer.IsSingleSegment)
        {
            return TryRead(buffer.FirstSpan, maxLength, out frame);
        }

        Span<byte> prelude = stackalloc byte[PreludeLength];
        var available = (int)Math.Min(buffer.Length, PreludeLength);
        buffer.Slice(0, available).CopyTo(prelude);
        var status = TryReadPrelude(prelude[..available], maxLength, out frame);
        if (status != AmazonEventStatus.Complete)
        {
            return status;
        }

        if (buffer.Length < frame.Length)
        {
            return AmazonEventStatus.Incomplete;
        }

        var checksum = new Crc32();
        foreach (var segment in buffer.Slice(0, frame.Length - 4))
        {
            checksum.Add(segment.Span);
        }

        Span<byte> stated = stackalloc byte[4];
        buffer.Slice(frame.Length - 4, 4).CopyTo(stated);
        var headers = buffer.Slice(PreludeLength, frame.HeadersLength);
        return checksum.Value == BinaryPrimitives.ReadUInt32BigEndian(stated)
            && AmazonEventHeaders.AreValid(headers.IsSingleSegment ? headers.FirstSpan : headers.ToArray())
                ? AmazonEventStatus.Complete
                : AmazonEventStatus.Malformed;
    }

    /// <summary>
    /// Whether bytes are one message whose headers are known to be right: what <see cref="TryRead(ReadOnlySpan{byte}, int, out AmazonEventFrame)"/>
    /// looks at besides them.
    /// </summary>
    public static bool IsMessage(ReadOnlySpan<byte> bytes) =>
        TryReadPrelude(bytes, MaxLength, out var frame) == AmazonEventStatus.Complete && frame.Length == bytes.Length && IsSumRight(bytes);

    /// <summary>Whether bytes start like a message: one in four billion other texts does.</summary>
    public static bool IsStartOf(ReadOnlySpan<byte> bytes) =>
        TryReadPrelude(bytes, MaxLength, out _) is AmazonEventStatus.Complete or AmazonEventStatus.TooLarge;

    private static bool IsSumRight(ReadOnlySpan<byte> message) =>
        Crc32.Of(message[..^4]) == BinaryPrimitives.ReadUInt32BigEndian(message[^4..]);

    private static AmazonEventStatus TryReadPrelude(ReadOnlySpan<byte> bytes, int maxLength, out AmazonEventFrame frame)
    {
        frame = default;
        if (bytes.Length < PreludeLength)
        {
            return AmazonEventStatus.Incomplete;
        }

        // The lengths are believed only once their checksum holds.
        if (Crc32.Of(bytes[..8]) != BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]))
        {
            return AmazonEventStatus.Malformed;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (length > Math.Min(maxLength, MaxLength) || headers > MaxHeaders)
        {
            return AmazonEventStatus.TooLarge;
        }

        if (length < Overhead + headers)
        {
            return AmazonEventStatus.Malformed;
        }

        frame = new AmazonEventFrame((int)length, (int)headers);
        return AmazonEventStatus.Complete;
    }
}

/// <summary>How far a message could be read.</summary>
internal enum AmazonEventStatus
{
    /// <summary>All of it is there and right.</summary>
    Complete,

    /// <summary>More bytes have to come.</summary>
    Incomplete,

    /// <summary>A length, checksum or header is wrong. Nothing after it can be found.</summary>
    Malformed,

    /// <summary>Longer than allowed.</summary>
    TooLarge,
}

using System.Buffers.Binary;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>
/// The <c>gzip</c> coding (RFC 1952). Exactly one member, whose checksum and length are verified: what follows the first member is read by some
/// servers and ignored by others.
/// </summary>
internal sealed class GzipCoding : ContentCoding
{
    private const int FixedHeader = 10;
    private const int Trailer = 8;

    private const int HasHeaderCrc = 0x02;
    private const int HasExtra = 0x04;
    private const int HasName = 0x08;
    private const int HasComment = 0x10;
    private const int Reserved = 0xE0;

    public override BodyStop Decode(ReadOnlyMemory<byte> encoded, ChunkedBytes output, InflateRatio ratio, CancellationToken cancellationToken)
    {
        var bytes = encoded.Span;
        var header = HeaderLength(bytes);
        if (header < 0 || bytes.Length - header < Trailer)
        {
            return BodyStop.Malformed;
        }

        var checksum = new Crc32();
        var stop = Inflater.Inflate(encoded[header..^Trailer], output, ratio, checksum, cancellationToken);
        return stop == BodyStop.None
            && (BinaryPrimitives.ReadUInt32LittleEndian(bytes[^Trailer..]) != checksum.Value
                || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) != (uint)output.Length)
            ? BodyStop.Malformed
            : stop;
    }

    /// <summary>Length of the header, or -1 when it is none.</summary>
    private static int HeaderLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedHeader || bytes[0] != 0x1F || bytes[1] != 0x8B || bytes[2] != 8 || (bytes[3] & Reserved) != 0)
        {
            return -1;
        }

        var flags = bytes[3];
        var offset = FixedHeader;
        if ((flags & HasExtra) != 0)
        {
            if (bytes.Length < offset + 2)
            {
                return -1;
            }

            offset += 2 + BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);
        }

        if (((flags & HasName) != 0 && !SkipText(bytes, ref offset)) || ((flags & HasComment) != 0 && !SkipText(bytes, ref offset)))
        {
            return -1;
        }

        if ((flags & HasHeaderCrc) == 0)
        {
            return offset <= bytes.Length ? offset : -1;
        }

        return bytes.Length >= offset + 2 && BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]) == (Crc32.Of(bytes[..offset]) & 0xFFFF)
            ? offset + 2
            : -1;
    }

    private static bool SkipText(ReadOnlySpan<byte> bytes, ref int offset)
    {
        var end = offset <= bytes.Length ? bytes[offset..].IndexOf((byte)0) : -1;
        offset += end + 1;
        return end >= 0;
    }
}

using System.Buffers.Binary;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>
/// The <c>deflate</c> coding, which is the zlib format (RFC 1950) by RFC 9110, section 8.4.1.2. Raw DEFLATE data, which some old software sends
/// under this name, is refused: a body that two servers decode differently cannot be judged.
/// </summary>
internal sealed class ZlibCoding : ContentCoding
{
    private const int Header = 2;
    private const int Trailer = 4;

    public override BodyStop Decode(ReadOnlyMemory<byte> encoded, ChunkedBytes output, InflateRatio ratio, CancellationToken cancellationToken)
    {
        var bytes = encoded.Span;
        if (bytes.Length < Header + Trailer
            || (bytes[0] & 0x0F) != 8
            || BinaryPrimitives.ReadUInt16BigEndian(bytes) % 31 != 0
            || (bytes[1] & 0x20) != 0)
        {
            return BodyStop.Malformed;
        }

        var checksum = new Adler32();
        var stop = Inflater.Inflate(encoded[Header..^Trailer], output, ratio, checksum, cancellationToken);
        return stop == BodyStop.None && BinaryPrimitives.ReadUInt32BigEndian(bytes[^Trailer..]) != checksum.Value ? BodyStop.Malformed : stop;
    }
}

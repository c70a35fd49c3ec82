using System.Buffers.Binary;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>
/// The <c>deflate</c> coding, which is the zlib format (RFC 1950) by RFC 9110, section 8.4.1.2, or raw DEFLATE data (RFC 1951), which some software
/// sends under this name and .NET's own client and browsers take. The first byte tells which; what is judged leaves decoded, so nobody can read it as
/// the other.
/// </summary>
internal sealed class DeflateCoding : ContentCoding
{
    private const int Header = 2;
    private const int Trailer = 4;

    /// <summary>
    /// Whether data with this first byte is in the zlib format: its method is DEFLATE. Raw data would begin with a stored block and padding that is
    /// not zero.
    /// </summary>
    public static bool IsZlib(byte first) => (first & 0x0F) == 8;

    public override BodyStop Decode(ReadOnlyMemory<byte> encoded, ChunkedBytes output, InflateRatio ratio, CancellationToken cancellationToken)
    {
        var bytes = encoded.Span;
        if (!bytes.IsEmpty && !IsZlib(bytes[0]))
        {
            return Inflater.Inflate(encoded, output, ratio, null, cancellationToken);
        }

        if (bytes.Length < Header + Trailer || BinaryPrimitives.ReadUInt16BigEndian(bytes) % 31 != 0 || (bytes[1] & 0x20) != 0)
        {
            return BodyStop.Malformed;
        }

        var checksum = new Adler32();
        var stop = Inflater.Inflate(encoded[Header..^Trailer], output, ratio, checksum, cancellationToken);
        return stop == BodyStop.None && BinaryPrimitives.ReadUInt32BigEndian(bytes[^Trailer..]) != checksum.Value ? BodyStop.Malformed : stop;
    }
}

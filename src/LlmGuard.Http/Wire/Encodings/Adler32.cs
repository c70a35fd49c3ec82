namespace LlmGuard.Http.Wire.Encodings;

/// <summary>The checksum of zlib (RFC 1950, section 8.2).</summary>
internal sealed class Adler32 : IChecksum
{
    private const uint Modulus = 65521;

    /// <summary>Most bytes whose sums fit 32 bits before a reduction.</summary>
    private const int Stride = 5552;

    private uint _a = 1;
    private uint _b;

    public uint Value => (_b << 16) | _a;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(Stride, bytes.Length)];
            foreach (var value in piece)
            {
                _a += value;
                _b += _a;
            }

            _a %= Modulus;
            _b %= Modulus;
            bytes = bytes[piece.Length..];
        }
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmGuard.Caching;

/// <summary>HMAC-SHA-256 cut to 128 bits, for processors that do not multiply without carry.</summary>
internal sealed class HmacHash : KeyedHash
{
    private readonly byte[] _ofText = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _ofBoth = RandomNumberGenerator.GetBytes(32);

    protected override UInt128 Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_ofText, text, hash);
        Span<byte> both = stackalloc byte[1024];
        both = header.Length + hash.Length <= both.Length ? both[..(header.Length + hash.Length)] : new byte[header.Length + hash.Length];
        header.CopyTo(both);
        hash.CopyTo(both[header.Length..]);
        HMACSHA256.HashData(_ofBoth, both, hash);
        return new UInt128(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }
}

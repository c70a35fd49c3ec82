using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmGuard.Caching;

/// <summary>HMAC-SHA-256 cut to 128 bits, for processors that do not multiply without carry.</summary>
internal sealed class HmacHash : KeyedHash
{
    private readonly byte[] _ofText = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _ofBoth = RandomNumberGenerator.GetBytes(32);

    public override UInt128 Of(UInt128 before, ReadOnlySpan<byte> text)
    {
        Span<byte> both = stackalloc byte[16 + HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(both, before);
        HMACSHA256.HashData(_ofText, text, both[16..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_ofBoth, both, hash);
        return new UInt128(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }
}

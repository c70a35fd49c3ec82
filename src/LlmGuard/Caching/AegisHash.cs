using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Arm = System.Runtime.Intrinsics.Arm;
using X86 = System.Runtime.Intrinsics.X86;

namespace LlmGuard.Caching;

/// <summary>
/// The message authentication code of AEGIS-128L with tags of 128 bits (RFC 10032), for processors with AES rounds. Key and nonce are random and stay as they
/// are: what may not be done under one nonce is to encrypt, and nothing here is. Tags never leave the process.
/// </summary>
internal sealed class AegisHash : KeyedHash
{
    private const int TagBits = 128;

    private static readonly Vector128<byte> C0 = Vector128.Create((byte)0x00, 0x01, 0x01, 0x02, 0x03, 0x05, 0x08, 0x0d, 0x15, 0x22, 0x37, 0x59, 0x90, 0xe9, 0x79, 0x62);
    private static readonly Vector128<byte> C1 = Vector128.Create((byte)0xdb, 0x3d, 0x18, 0x55, 0x6d, 0xc2, 0x2f, 0xf1, 0x20, 0x11, 0x31, 0x42, 0x73, 0xb5, 0x28, 0xdd);

    // The state after the initialisation, which depends on key and nonce alone.
    private readonly Vector128<byte>[] _start;

    public AegisHash()
        : this(RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(16))
    {
    }

    /// <summary>Uses a given key, for test vectors.</summary>
    internal AegisHash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        var k = Vector128.Create(key);
        var n = Vector128.Create(nonce);
        Vector128<byte> s0 = k ^ n, s1 = C1, s2 = C0, s3 = C1, s4 = k ^ n, s5 = k ^ C0, s6 = k ^ C1, s7 = k ^ C0;
        for (var i = 0; i < 10; i++)
        {
            Update(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, n, k);
        }

        _start = [s0, s1, s2, s3, s4, s5, s6, s7];
    }

    public static bool IsSupported => X86.Aes.IsSupported || Arm.Aes.IsSupported;

    public override UInt128 Of(ReadOnlySpan<byte> header, ReadOnlySpan<byte> text)
    {
        var start = _start;
        Vector128<byte> s0 = start[0], s1 = start[1], s2 = start[2], s3 = start[3], s4 = start[4], s5 = start[5], s6 = start[6], s7 = start[7];
        var bits = (ulong)(header.Length + text.Length) * 8;
        for (; header.Length >= Block; header = header[Block..])
        {
            Update(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, Vector128.Create(header), Vector128.Create(header[16..]));
        }

        for (; text.Length >= Block; text = text[Block..])
        {
            Update(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, Vector128.Create(text), Vector128.Create(text[16..]));
        }

        Span<byte> last = stackalloc byte[Block];
        if (!text.IsEmpty)
        {
            last.Clear();
            text.CopyTo(last);
            Update(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, Vector128.Create((ReadOnlySpan<byte>)last), Vector128.Create((ReadOnlySpan<byte>)last[16..]));
        }

        BinaryPrimitives.WriteUInt64LittleEndian(last, bits);
        BinaryPrimitives.WriteUInt64LittleEndian(last[8..], TagBits);
        var lengths = s2 ^ Vector128.Create((ReadOnlySpan<byte>)last);
        for (var i = 0; i < 7; i++)
        {
            Update(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, lengths, lengths);
        }

        var tag = (s0 ^ s1 ^ s2 ^ s3 ^ s4 ^ s5 ^ s6).AsUInt64();
        return new UInt128(tag[0], tag[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update(
        ref Vector128<byte> s0,
        ref Vector128<byte> s1,
        ref Vector128<byte> s2,
        ref Vector128<byte> s3,
        ref Vector128<byte> s4,
        ref Vector128<byte> s5,
        ref Vector128<byte> s6,
        ref Vector128<byte> s7,
        Vector128<byte> m0,
        Vector128<byte> m1)
    {
        var last = s7;
        s7 = Round(s6, s7);
        s6 = Round(s5, s6);
        s5 = Round(s4, s5);
        s4 = Round(s3, s4 ^ m1);
        s3 = Round(s2, s3);
        s2 = Round(s1, s2);
        s1 = Round(s0, s1);
        s0 = Round(last, s0 ^ m0);
    }

    /// <summary>One round of AES: substitute bytes, shift rows, mix columns, add the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Round(Vector128<byte> value, Vector128<byte> key) => X86.Aes.IsSupported
        ? X86.Aes.Encrypt(value, key)
        : Arm.Aes.MixColumns(Arm.Aes.Encrypt(value, Vector128<byte>.Zero)) ^ key;
}

using System.Runtime.Intrinsics;

namespace LlmGuard.WideVectors.Tests.Emulated;

/// <summary>Instructions of AVX512BW as Intel's manual (volume 2) has them, one lane after the other.</summary>
internal static class Avx512BW
{
    public static bool IsSupported => true;

    /// <summary>VPSHUFB: of each 16 bytes those that four bits choose; none where the highest bit is set.</summary>
    public static Vector512<byte> Shuffle(Vector512<byte> value, Vector512<byte> mask)
    {
        Span<byte> from = stackalloc byte[Vector512<byte>.Count];
        Span<byte> bytes = stackalloc byte[Vector512<byte>.Count];
        value.CopyTo(from);
        mask.CopyTo(bytes);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] = (bytes[at] & 0x80) != 0 ? (byte)0 : from[(at & ~15) + (bytes[at] & 15)];
        }

        return Vector512.Create<byte>(bytes);
    }

    /// <summary>VMOVDQU8 with a mask: only bytes whose mask has its highest bit set are read.</summary>
    public static unsafe Vector512<byte> MaskLoad(byte* address, Vector512<byte> mask, Vector512<byte> merge)
    {
        Span<byte> bytes = stackalloc byte[Vector512<byte>.Count];
        merge.CopyTo(bytes);
        var masked = mask.ExtractMostSignificantBits();
        for (var at = 0; at < bytes.Length; at++)
        {
            if ((masked >> at & 1) != 0)
            {
                bytes[at] = address[at];
            }
        }

        return Vector512.Create<byte>(bytes);
    }
}

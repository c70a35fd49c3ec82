using System.Runtime.Intrinsics;

namespace LlmGuard.WideVectors.Tests.Emulated;

/// <summary>Instructions of AVX512_VBMI as Intel's manual (volume 2) has them, one lane after the other.</summary>
internal static class Avx512Vbmi
{
    public static bool IsSupported => true;

    /// <summary>VPERMB: the bytes that six bits choose.</summary>
    public static Vector512<byte> PermuteVar64x8(Vector512<byte> left, Vector512<byte> control) =>
        PermuteVar64x8x2(left, control & Vector512.Create((byte)63), left);

    /// <summary>VPERMI2B: the bytes that six bits choose, of the second where the seventh is set.</summary>
    public static Vector512<byte> PermuteVar64x8x2(Vector512<byte> lower, Vector512<byte> indices, Vector512<byte> upper)
    {
        Span<byte> from = stackalloc byte[2 * Vector512<byte>.Count];
        Span<byte> bytes = stackalloc byte[Vector512<byte>.Count];
        lower.CopyTo(from);
        upper.CopyTo(from[Vector512<byte>.Count..]);
        indices.CopyTo(bytes);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] = from[bytes[at] & 127];
        }

        return Vector512.Create<byte>(bytes);
    }
}

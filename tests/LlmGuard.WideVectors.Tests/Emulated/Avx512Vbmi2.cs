using System.Numerics;
using System.Runtime.Intrinsics;

namespace LlmGuard.WideVectors.Tests.Emulated;

/// <summary>Instructions of AVX512_VBMI2 as Intel's manual (volume 2) has them, one lane after the other.</summary>
internal static class Avx512Vbmi2
{
    public static bool IsSupported => true;

    /// <summary>VPCOMPRESSB: the bytes whose mask has its highest bit set, close together.</summary>
    public static Vector512<byte> Compress(Vector512<byte> merge, Vector512<byte> mask, Vector512<byte> value)
    {
        Span<byte> bytes = stackalloc byte[Vector512<byte>.Count];
        merge.CopyTo(bytes);
        var next = 0;
        for (var left = mask.ExtractMostSignificantBits(); left != 0; left &= left - 1)
        {
            bytes[next++] = value[BitOperations.TrailingZeroCount(left)];
        }

        return Vector512.Create<byte>(bytes);
    }
}

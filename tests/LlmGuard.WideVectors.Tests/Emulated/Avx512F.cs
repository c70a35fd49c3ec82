using System.Runtime.Intrinsics;

namespace LlmGuard.WideVectors.Tests.Emulated;

/// <summary>Instructions of AVX512F as Intel's manual (volume 2) has them, one lane after the other.</summary>
internal static class Avx512F
{
    public static bool IsSupported => true;

    /// <summary>VSHUFI64X2: two of four 16-byte lanes of each, chosen by two bits each.</summary>
    public static Vector512<ulong> Shuffle4x128(Vector512<ulong> left, Vector512<ulong> right, byte control)
    {
        var result = Vector512<ulong>.Zero;
        for (var lane = 0; lane < 4; lane++)
        {
            var chosen = (control >> (2 * lane)) & 3;
            var from = lane < 2 ? left : right;
            result = result.WithElement(2 * lane, from[2 * chosen]).WithElement((2 * lane) + 1, from[(2 * chosen) + 1]);
        }

        return result;
    }

    /// <summary>VPMOVZXBD: each byte as a number of 32 bits.</summary>
    public static Vector512<int> ConvertToVector512Int32(Vector128<byte> bytes)
    {
        var result = Vector512<int>.Zero;
        for (var lane = 0; lane < Vector512<int>.Count; lane++)
        {
            result = result.WithElement(lane, (int)bytes[lane]);
        }

        return result;
    }
}

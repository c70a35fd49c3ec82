using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGuard.Http.Json.Locating;

/// <summary>Bits of a block as a vector, and the bytes of a vector that bits choose: what AVX-512 can and the portable vectors cannot say.</summary>
internal static class BitVectors
{
    /// <summary>Whether the machine can.</summary>
    public static bool IsSupported => Avx512BW.IsSupported && Avx512Vbmi.IsSupported && Avx512Vbmi2.IsSupported;

    // Of the numbers 0 to 63: which byte of 64 bits theirs is in (the instruction looks at 16 bytes at a time, which all hold the same eight), and
    // which bit of it.
    private static Vector512<byte> BytesOfNumbers => Vector512.Create(
        0x0000_0000_0000_0000UL,
        0x0101_0101_0101_0101,
        0x0202_0202_0202_0202,
        0x0303_0303_0303_0303,
        0x0404_0404_0404_0404,
        0x0505_0505_0505_0505,
        0x0606_0606_0606_0606,
        0x0707_0707_0707_0707).AsByte();

    private static Vector512<byte> BitsOfNumbers => Vector512.Create(0x8040_2010_0804_0201UL).AsByte();

    /// <summary>All ones in every byte whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Expand(ulong bits) =>
        Vector512.Equals(Avx512BW.Shuffle(Vector512.Create(bits).AsByte(), BytesOfNumbers) & BitsOfNumbers, BitsOfNumbers);

    /// <summary>The bytes whose bit is set, close together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Compress(Vector512<byte> bytes, ulong bits) => Avx512Vbmi2.Compress(Vector512<byte>.Zero, Expand(bits), bytes);
}

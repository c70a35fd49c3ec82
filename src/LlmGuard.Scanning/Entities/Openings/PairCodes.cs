using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Hashes of two bytes in a row to 7 bits: a code for each byte, as first and as second, and both combined. Letters of any case have one
/// code, and so have all digits.</summary>
internal static class PairCodes
{
    /// <summary>Pairs that are looked at.</summary>
    public const int Pairs = 3;

    /// <summary>Different hashes, and different bytes but for the highest bit.</summary>
    public const int Count = 128;

    private static readonly byte[] First = Codes(0x2545F491);

    private static readonly byte[] Second = Codes(0x4F6CDD1D);

    private static readonly double[] Frequencies = ByHash();

    public static Vector512<byte> FirstLower { get; } = Vector512.Create<byte>(First.AsSpan(0, 64));

    public static Vector512<byte> FirstUpper { get; } = Vector512.Create<byte>(First.AsSpan(64, 64));

    public static Vector512<byte> SecondLower { get; } = Vector512.Create<byte>(Second.AsSpan(0, 64));

    public static Vector512<byte> SecondUpper { get; } = Vector512.Create<byte>(Second.AsSpan(64, 64));

    /// <summary>The code of each byte as the first of two.</summary>
    public static byte[] OfFirst => First;

    /// <summary>The code of each byte as the second.</summary>
    public static byte[] OfSecond => Second;

    /// <summary>The hash of two bytes.</summary>
    public static int Of(int first, int second) => First[first & 0x7F] ^ Second[second & 0x7F];

    /// <summary>The hash of each byte and the one behind it, of which the highest bit does not count; nothing is said of the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Of(Vector512<byte> bytes) => Avx512Vbmi.PermuteVar64x8x2(FirstLower, bytes, FirstUpper)
        ^ Avx512Vbmi.PermuteVar64x8(Avx512Vbmi.PermuteVar64x8x2(SecondLower, bytes, SecondUpper), WideOpeningTables.By1);

    /// <summary>How often pairs with a hash are met.</summary>
    public static double Frequency(int hash) => Frequencies[hash];

    private static byte[] Codes(uint seed)
    {
        var codes = new byte[Count];
        for (var value = 0; value < Count; value++)
        {
            var kind = AsciiByte.IsDigit(value) ? '0' : AsciiByte.IsLetter(value) ? value | 0x20 : value;
            codes[value] = (byte)((uint)(kind + 1) * seed >> 25);
        }

        return codes;
    }

    private static double[] ByHash()
    {
        var total = (double)Enumerable.Range(0, Count).Sum(static value => ByteRarity.Frequency((byte)value));
        var frequencies = new double[Count];
        for (var first = 0; first < Count; first++)
        {
            for (var second = 0; second < Count; second++)
            {
                frequencies[Of(first, second)] += ByteRarity.Frequency((byte)first) / total * (ByteRarity.Frequency((byte)second) / total);
            }
        }

        return frequencies;
    }
}

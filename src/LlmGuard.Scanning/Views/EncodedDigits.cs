using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Views;

/// <summary>What the characters of base64 and of hexadecimal numbers stand for.</summary>
internal static class EncodedDigits
{
    /// <summary>Longest row that is judged before it is decoded.</summary>
    public const int LongestJudged = 64;

    private const int NoValue = 0xFF;
    private const int FirstHigh = 1;
    private const int SecondHigh = 2;
    private const int ThirdHigh = 4;
    private const int Hex = 8;

    private static readonly byte[] Base64 =
        Values("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", static (_, i) => i < 64 ? i : i - 2);

    private static readonly byte[] Hexadecimal = Values("0123456789abcdefABCDEF", static (_, i) => i < 16 ? i : i - 6);

    // Of which byte of three the character would set the highest bit, if it were the one that holds it; and whether it is a hexadecimal digit.
    private static readonly byte[] Traits = [.. Enumerable.Range(0, 256).Select(c => (byte)(
        ((Base64[c] & 0x20) != 0 ? FirstHigh : 0) | ((Base64[c] & 0x08) != 0 ? SecondHigh : 0) | ((Base64[c] & 0x02) != 0 ? ThirdHigh : 0)
        | (Hexadecimal[c] != NoValue ? Hex : 0)))];

    private static readonly Vector512<byte> TraitsBelow64 = Vector512.Create(Traits, 0), TraitsFrom64 = Vector512.Create(Traits, 64);

    /// <summary>What a character stands for, or -1.</summary>
    /// <param name="character">The character.</param>
    /// <param name="bits">4 for hexadecimal digits, 6 for base64.</param>
    public static int Value(byte character, int bits)
    {
        var value = (bits == 6 ? Base64 : Hexadecimal)[character];
        return value == NoValue ? -1 : value;
    }

    /// <summary>
    /// Whether a short row may be the base64, or the hexadecimal number, of a text, wherever in it that begins. Most words and names cannot.
    /// </summary>
    /// <param name="row">Characters of either alphabet, at most <see cref="LongestJudged"/>.</param>
    public static (bool Base64, bool Hex) MayBeText(ReadOnlySpan<byte> row)
    {
        ulong first = 0, second = 0, third = 0, hex = 0;
        if (PartialLoad.IsSupported)
        {
            var traits = Avx512Vbmi.PermuteVar64x8x2(TraitsBelow64, PartialLoad.First(row, Vector512<byte>.Zero), TraitsFrom64);
            (first, second, third, hex) = (Have(traits, FirstHigh), Have(traits, SecondHigh), Have(traits, ThirdHigh), Have(traits, Hex));
        }
        else
        {
            for (var i = 0; i < row.Length; i++)
            {
                ulong traits = Traits[row[i]];
                first |= (traits & FirstHigh) << i;
                second |= (traits & SecondHigh) >> 1 << i;
                third |= (traits & ThirdHigh) >> 2 << i;
                hex |= (traits & Hex) >> 3 << i;
            }
        }

        // Four characters are three bytes. Of a text many such threes are all ASCII, or all not.
        var whole = row.Length >= 4 ? ulong.MaxValue >> (64 - (row.Length - 3)) : 0;
        var ascii = ~first & (~second >> 1) & (~third >> 2) & whole;
        var others = first & (second >> 1) & (third >> 2) & whole;
        return ((ascii & (ascii >> 4)) != 0 || (others & (others >> 4) & (others >> 8)) != 0, HasRun(hex));
    }

    // What stands behind the row has the traits of a zero, which is no digit and no part of four characters of the row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Have(Vector512<byte> traits, byte trait) =>
        Vector512.Equals(traits & Vector512.Create(trait), Vector512.Create(trait)).ExtractMostSignificantBits();

    private static bool HasRun(ulong mask)
    {
        mask &= mask >> 1;
        mask &= mask >> 2;
        mask &= mask >> 4;
        return (mask & (mask >> 8)) != 0;
    }

    private static byte[] Values(string characters, Func<char, int, int> valueOf)
    {
        var values = new byte[256];
        Array.Fill(values, (byte)NoValue);
        for (var i = 0; i < characters.Length; i++)
        {
            values[characters[i]] = (byte)valueOf(characters[i], i);
        }

        return values;
    }
}

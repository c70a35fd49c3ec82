using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Views;

/// <summary>Tells of the end of a text whether it is a few plain words: visible ASCII and white space, with no sign of an escape, and no row of
/// characters that base64 is written in which is long enough to be decoded.</summary>
internal static class PlainBytes
{
    private const int Width = PlainWords.Told;

    // Bit k of a lower half's entry is set where the character of upper half k is one: in the first table plain ones, in the second those of base64.
    private static readonly Vector256<byte> LowerOfPlain = Lower(static b =>
        b is ((>= 0x20 and <= 0x7E) or (>= 0x09 and <= 0x0D)) && !EscapeSigns.IsSign((byte)b));

    private static readonly Vector256<byte> LowerOfRows = Lower(static b => EncodedRuns.IsOne((byte)b));

    private static readonly Vector256<byte> LowerOfLetters = Lower(AsciiByte.IsLetter);

    private static readonly Vector256<byte> Upper =
        Vector256.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Whether the bytes from an offset to the end are plain words, as far as 64 bytes tell; "no" where they do not.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">The offset, which no character of base64 stands before that belongs to a row going on.</param>
    /// <param name="words">Receives what else is known of them.</param>
    public static bool AreWords(ReadOnlySpan<byte> text, int from, out PlainWords words)
    {
        words = default;
        var start = text.Length - Width;
        if (!Avx2.IsSupported || Simd.Level < SimdLevel.Bits256 || start < 0 || from < start || from >= text.Length)
        {
            return false;
        }

        ref var bytes = ref MemoryMarshal.GetReference(text);
        var (low, high) = (Vector256.LoadUnsafe(ref bytes, (nuint)start), Vector256.LoadUnsafe(ref bytes, (nuint)(start + Vector256<byte>.Count)));
        var (lowUpper, highUpper) = (Avx2.Shuffle(Upper, low >>> 4), Avx2.Shuffle(Upper, high >>> 4));
        var asked = ulong.MaxValue << (from - start);
        if ((Mask(LowerOfPlain, low, lowUpper, high, highUpper) & asked) != asked)
        {
            return false;
        }

        var rows = Mask(LowerOfRows, low, lowUpper, high, highUpper) & asked;
        var letters = Mask(LowerOfLetters, low, lowUpper, high, highUpper);
        words = new PlainWords(text.Length - BitOperations.LeadingZeroCount(~rows), letters & (letters << 1));
        return EncodedRuns.LongRows(rows) == 0;
    }

    /// <summary>
    /// Where letters and digits begin in a row of them: at a letter that no letter stands before, and a digit that no digit does.
    /// </summary>
    /// <param name="padded">64 bytes: one of another kind, then the row.</param>
    /// <param name="length">Bytes of the row, fewer than 64.</param>
    /// <param name="begins">Receives one bit for each byte of the row, the lowest for the first.</param>
    /// <returns>False where not all of it are letters and digits.</returns>
    public static bool IsRow(ReadOnlySpan<byte> padded, int length, out ulong begins)
    {
        var (letters, digits) = (0UL, 0UL);
        if (Vector256.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits256)
        {
            for (var half = 0; half < Width; half += Vector256<byte>.Count)
            {
                var bytes = Vector256.Create(padded[half..]);
                letters |= (ulong)IsIn(bytes | Vector256.Create((byte)0x20), 'a', 26).ExtractMostSignificantBits() << half;
                digits |= (ulong)IsIn(bytes, '0', 10).ExtractMostSignificantBits() << half;
            }
        }
        else
        {
            for (var at = 0; at <= length; at++)
            {
                letters |= AsciiByte.IsLetter(padded[at]) ? 1UL << at : 0;
                digits |= AsciiByte.IsDigit(padded[at]) ? 1UL << at : 0;
            }
        }

        var row = (1UL << length) - 1;
        begins = (((letters & ~(letters << 1)) | (digits & ~(digits << 1))) >> 1) & row;
        return (((letters | digits) >> 1) & row) == row;
    }

    private static Vector256<byte> IsIn(Vector256<byte> bytes, char first, int count) =>
        Vector256.LessThan(bytes - Vector256.Create((byte)first), Vector256.Create((byte)count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> lower, Vector256<byte> low, Vector256<byte> lowUpper, Vector256<byte> high, Vector256<byte> highUpper)
    {
        var half = Vector256.Create((byte)0x0F);
        var none = Vector256.Equals(Avx2.Shuffle(lower, low & half) & lowUpper, Vector256<byte>.Zero).ExtractMostSignificantBits();
        var noneAbove = Vector256.Equals(Avx2.Shuffle(lower, high & half) & highUpper, Vector256<byte>.Zero).ExtractMostSignificantBits();
        return ~(((ulong)noneAbove << Vector256<byte>.Count) | none);
    }

    private static Vector256<byte> Lower(Func<int, bool> isOne)
    {
        var half = Vector128.Create([.. Enumerable.Range(0, 16).Select(
            low => (byte)Enumerable.Range(0, 8).Sum(high => isOne((high << 4) | low) ? 1 << high : 0))]);
        return Vector256.Create(half, half);
    }
}

/// <summary>What is known of plain words at the end of a text.</summary>
/// <param name="Row">Where the row of characters of base64 begins that goes on to the end, or the length of the text.</param>
/// <param name="Within">Which of the last 64 bytes are letters behind letters, one bit each, the highest for the last byte.</param>
internal readonly record struct PlainWords(int Row, ulong Within)
{
    /// <summary>The bytes that <see cref="Within"/> tells about.</summary>
    public const int Told = 64;
}

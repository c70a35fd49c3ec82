using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for 56 offsets at once where one of many openings may begin, on machines that look up 64 bytes in a table of 128 with one
/// instruction. Immutable.</summary>
/// <remarks>
/// Letters soon followed by a digit, rows of capitals and long rows are always candidates. The other openings are in buckets. Eight look at the
/// byte before and at the first four one by one: for what begins with signs and classes of characters. Sixteen look at the first byte and at three
/// pairs of bytes, letters in any case, by a hash of each pair, which tells words apart far better than their letters one by one. Eight look at the
/// first six bytes of what begins with a digit. Bytes that are not ASCII are all taken for the same.
/// </remarks>
internal sealed class WideOpeningTables
{
    /// <summary>Offsets that are judged at once: what begins at the last of them ends within the bytes that are looked at.</summary>
    public const int Judged = 56;

    /// <summary>Bytes that are looked at one by one: the one before the trigger, and the first.</summary>
    public const int Places = 5;

    /// <summary>Bytes that are looked at one by one where a digit is the first.</summary>
    public const int DigitPlaces = 6;

    /// <summary>Capitals or digits in a row that are always a candidate.</summary>
    public const int Capitals = 4;

    /// <summary>Letters and digits in a row that are always a candidate.</summary>
    public const int LongRow = 16;

    /// <summary>Bytes from an offset on that are looked at.</summary>
    public const int Seen = 64 + (LongRow / 2);

    /// <summary>Indices by which lane i takes what lane i + 1 holds, and so on; what there is no lane for is not told.</summary>
    internal static readonly Vector512<byte> By1 = By(1), By2 = By(2), By3 = By(3), By4 = By(4), By5 = By(5);

    private readonly Vector512<byte>[] _bytes;
    private readonly Vector512<byte>[] _pairs;
    private readonly Vector512<byte>[] _firsts;
    private readonly Vector512<byte>[] _ofDigits;
    private readonly bool _withinWords;
    private readonly ulong _digitAfterLetter;
    private readonly ulong _capitals;
    private readonly ulong _long;

    /// <param name="openings">The openings, and how many letters and digits in a row there may be, see <see cref="Detector.Runs"/>.</param>
    /// <param name="withinWords">Whether any may begin within a word, see <see cref="Words"/>.</param>
    public WideOpeningTables(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings, bool withinWords)
    {
        _withinWords = withinWords;
        var spread = new WideOpeningBuckets(openings);
        (_digitAfterLetter, _capitals, _long) = (spread.AnyDigitAfterLetter ? ulong.MaxValue : 0, spread.AnyCapitals ? ulong.MaxValue : 0, spread.AnyLong ? ulong.MaxValue : 0);
        (_bytes, _pairs, _firsts, _ofDigits) = (Halves(spread.Bytes), Halves(spread.Pairs), Halves(spread.Firsts), Halves(spread.OfDigits));
    }

    /// <summary>Whether the machine has what is needed, and it may be used.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512;

    /// <summary>Goes on over a text as long as there is room for what is found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1; then the first offset that was not judged.</param>
    /// <param name="perhaps">Receives one bit for each of <see cref="Judged"/> offsets, of the last fewer.</param>
    /// <returns>How many of these were filled.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Fill(ReadOnlySpan<byte> text, ref int at, Span<ulong> perhaps)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var last = text.Length - Seen;
        var (codesLower, codesUpper) = (PairCodes.FirstLower, PairCodes.FirstUpper);
        var (nextLower, nextUpper) = (PairCodes.SecondLower, PairCodes.SecondUpper);
        var (b0, b1, b2, b3, b4, b5, b6, b7, b8, b9) = (_bytes[0], _bytes[1], _bytes[2], _bytes[3], _bytes[4], _bytes[5], _bytes[6], _bytes[7], _bytes[8], _bytes[9]);
        var (p0, p1, p2, p3, p4, p5) = (_pairs[0], _pairs[1], _pairs[2], _pairs[3], _pairs[4], _pairs[5]);
        var (q0, q1, q2, q3, q4, q5) = (_pairs[6], _pairs[7], _pairs[8], _pairs[9], _pairs[10], _pairs[11]);
        var (f0, f1, f2, f3) = (_firsts[0], _firsts[1], _firsts[2], _firsts[3]);
        ref var d = ref MemoryMarshal.GetArrayDataReference(_ofDigits);
        var highest = Vector512.Create(OpeningSets.NotAscii);
        var (by1, by2, by3, by4, by5) = (By1, By2, By3, By4, By5);
        var (count, next) = (0, at);
        while (count < perhaps.Length && last >= 1 && next < last + Judged)
        {
            // The last offsets are judged together with some that were judged before.
            var start = Math.Min(next, last);
            var here = Vector512.Min(Vector512.LoadUnsafe(ref bytes, (nuint)start), highest);
            var digits = Vector512.LessThanOrEqual(here - Vector512.Create((byte)'0'), Vector512.Create((byte)9)).ExtractMostSignificantBits();
            var letters = Vector512.LessThanOrEqual((here | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)25)).ExtractMostSignificantBits();
            var hashes = Avx512Vbmi.PermuteVar64x8x2(codesLower, here, codesUpper)
                ^ Avx512Vbmi.PermuteVar64x8(Avx512Vbmi.PermuteVar64x8x2(nextLower, here, nextUpper), by1);
            var (second, third) = (Avx512Vbmi.PermuteVar64x8(hashes, by2), Avx512Vbmi.PermuteVar64x8(hashes, by4));
            var ofPairs = Avx512Vbmi.PermuteVar64x8x2(f0, here, f1) & Avx512Vbmi.PermuteVar64x8x2(p0, hashes, p1)
                & Avx512Vbmi.PermuteVar64x8x2(p2, second, p3) & Avx512Vbmi.PermuteVar64x8x2(p4, third, p5);
            var ofOtherPairs = Avx512Vbmi.PermuteVar64x8x2(f2, here, f3) & Avx512Vbmi.PermuteVar64x8x2(q0, hashes, q1)
                & Avx512Vbmi.PermuteVar64x8x2(q2, second, q3) & Avx512Vbmi.PermuteVar64x8x2(q4, third, q5);
            var (next1, next2) = (Avx512Vbmi.PermuteVar64x8(here, by1), Avx512Vbmi.PermuteVar64x8(here, by2));
            var next3 = Avx512Vbmi.PermuteVar64x8(here, by3);
            var ofBytes = Avx512Vbmi.PermuteVar64x8x2(b0, Vector512.Min(Vector512.LoadUnsafe(ref bytes, (nuint)(start - 1)), highest), b1)
                & Avx512Vbmi.PermuteVar64x8x2(b2, here, b3) & Avx512Vbmi.PermuteVar64x8x2(b4, next1, b5)
                & Avx512Vbmi.PermuteVar64x8x2(b6, next2, b7) & Avx512Vbmi.PermuteVar64x8x2(b8, next3, b9);
            var ofDigits = Avx512Vbmi.PermuteVar64x8x2(d, here, Unsafe.Add(ref d, 1))
                & Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref d, 2), next1, Unsafe.Add(ref d, 3))
                & Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref d, 4), next2, Unsafe.Add(ref d, 5))
                & Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref d, 6), next3, Unsafe.Add(ref d, 7))
                & Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref d, 8), Avx512Vbmi.PermuteVar64x8(here, by4), Unsafe.Add(ref d, 9))
                & Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref d, 10), Avx512Vbmi.PermuteVar64x8(here, by5), Unsafe.Add(ref d, 11));
            var found = ~Vector512.Equals(ofPairs | ofOtherPairs | ofBytes, Vector512<byte>.Zero).ExtractMostSignificantBits();
            found |= letters & _digitAfterLetter & Words.Soon(digits);
            found |= _capitals & Words.Four(digits | Vector512.LessThanOrEqual(here - Vector512.Create((byte)'A'), Vector512.Create((byte)25)).ExtractMostSignificantBits());
            found |= _long & Words.Eight(letters | digits) & Words.Eight(Alphanumeric(Vector512.LoadUnsafe(ref bytes, (nuint)(start + (LongRow / 2)))));
            var foundDigits = ~Vector512.Equals(ofDigits, Vector512<byte>.Zero).ExtractMostSignificantBits();
            found = Words.Begin(found, letters, digits, foundDigits, Unsafe.Add(ref bytes, start - 1), _withinWords);
            perhaps[count++] = (found & ((1UL << Judged) - 1)) >> (next - start);
            next = start + Judged;
        }

        at = next;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Alphanumeric(Vector512<byte> bytes) =>
        (Vector512.LessThanOrEqual(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)9))
            | Vector512.LessThanOrEqual((bytes | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)25))).ExtractMostSignificantBits();

    private static Vector512<byte> By(int count) => Vector512.Create([.. Enumerable.Range(0, Vector512<byte>.Count).Select(i => (byte)Math.Min(i + count, Vector512<byte>.Count - 1))]);

    private static Vector512<byte>[] Halves(byte[][] tables) =>
        [.. tables.SelectMany(static table => new[] { Vector512.Create<byte>(table.AsSpan(0, 64)), Vector512.Create<byte>(table.AsSpan(64, 64)) })];
}

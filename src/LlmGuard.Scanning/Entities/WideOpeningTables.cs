using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for 56 offsets at once where one of many openings may begin, on machines that look up 64 bytes in a table of 128 with one
/// instruction. Immutable.</summary>
/// <remarks>
/// Capitals soon followed by a digit, letters joined to one, rows of capitals and long rows are always candidates. The other openings are in buckets.
/// Sixteen look at the byte before and at the first four one by one: for what begins with signs and classes of characters. Twenty-four look at the first byte and at four
/// pairs of bytes, letters in any case, by a hash of each pair, which tells words apart far better than their letters one by one. Eight look at the
/// first six bytes of what begins with a digit. Bytes that are not ASCII are all taken for the same.
/// </remarks>
internal sealed class WideOpeningTables
{
    /// <summary>Offsets that are judged at once: what begins at the last of them ends within the bytes that are looked at.</summary>
    public const int Judged = 56;

    /// <summary>Bytes that are looked at one by one: the one before the trigger, and the first.</summary>
    public const int Places = 5;

    /// <summary>Sets of eight buckets that look at bytes.</summary>
    public const int ByteSets = 2;

    /// <summary>Sets of eight buckets that look at pairs.</summary>
    public const int PairSets = 3;

    /// <summary>Pairs that are looked at.</summary>
    public const int Pairs = 4;

    /// <summary>Bytes that are looked at one by one where a digit is the first.</summary>
    public const int DigitPlaces = 6;

    /// <summary>Capitals or digits in a row that are always a candidate.</summary>
    public const int Capitals = 4;

    /// <summary>Letters and digits in a row that are always a candidate.</summary>
    public const int LongRow = 16;

    /// <summary>Bytes from an offset on that are looked at.</summary>
    public const int Seen = 64 + (LongRow / 2);

    /// <summary>Indices by which lane i takes what lane i + 1 holds, and so on; what there is no lane for is not told.</summary>
    internal static readonly Vector512<byte> By1 = By(1), By2 = By(2), By3 = By(3), By4 = By(4), By5 = By(5), By6 = By(6);

    private readonly AlignedTables _tables;
    private readonly bool _withinWords;
    private readonly ulong _numbered;
    private readonly ulong _capitals;
    private readonly ulong _long;

    /// <param name="openings">The openings, and how many letters and digits in a row there may be, see <see cref="Detector.Runs"/>.</param>
    /// <param name="withinWords">Whether any may begin within a word, see <see cref="Words"/>.</param>
    public WideOpeningTables(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings, bool withinWords)
    {
        _withinWords = withinWords;
        var spread = new WideOpeningBuckets(openings);
        (_numbered, _capitals, _long) = (spread.AnyNumbered ? ulong.MaxValue : 0, spread.AnyCapitals ? ulong.MaxValue : 0, spread.AnyLong ? ulong.MaxValue : 0);
        _tables = new AlignedTables([.. spread.Bytes, .. spread.Pairs, .. spread.Firsts, .. spread.OfDigits]);
    }

    /// <summary>Whether the machine has what is needed, and it may be used.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512;

    /// <summary>Goes on over a text as long as there is room for what is found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1; then the first offset that was not judged.</param>
    /// <param name="perhaps">Receives one bit for each of <see cref="Judged"/> offsets, of the last fewer.</param>
    /// <param name="isRest">Whether to go to the end of the text, as if letters followed it. What is said then of the offsets behind which fewer bytes
    /// stand than an opening looks at counts for nothing.</param>
    /// <returns>How many of these were filled.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Fill(ReadOnlySpan<byte> text, ref int at, Span<ulong> perhaps, bool isRest)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var last = isRest ? text.Length : text.Length - Seen;
        var letter = Vector512.Create((byte)'a');
        var (codesLower, codesUpper) = (PairCodes.FirstLower, PairCodes.FirstUpper);
        var (nextLower, nextUpper) = (PairCodes.SecondLower, PairCodes.SecondUpper);
        ref var b = ref _tables.First;
        ref var p = ref Unsafe.Add(ref b, 2 * ByteSets * Places);
        ref var f = ref Unsafe.Add(ref p, 2 * PairSets * Pairs);
        ref var d = ref Unsafe.Add(ref f, 2 * PairSets);
        var highest = Vector512.Create(OpeningSets.NotAscii);
        var (by1, by2, by3, by4, by5, by6) = (By1, By2, By3, By4, By5, By6);
        var (count, next) = (0, at);
        while (count < perhaps.Length && last >= 1 && next < last + Judged)
        {
            // The last offsets are judged together with some that were judged before.
            var start = Math.Min(next, last);
            Vector512<byte> here, before, behind;
            if (isRest)
            {
                (here, before) = (PartialLoad.First(text[start..], letter), PartialLoad.First(text[(start - 1)..], letter));
                behind = PartialLoad.First(text[Math.Min(start + (LongRow / 2), text.Length)..], letter);
            }
            else
            {
                (here, before) = (Vector512.LoadUnsafe(ref bytes, (nuint)start), Vector512.LoadUnsafe(ref bytes, (nuint)(start - 1)));
                behind = Vector512.LoadUnsafe(ref bytes, (nuint)(start + (LongRow / 2)));
            }

            (here, before) = (Vector512.Min(here, highest), Vector512.Min(before, highest));
            var digits = Vector512.LessThanOrEqual(here - Vector512.Create((byte)'0'), Vector512.Create((byte)9)).ExtractMostSignificantBits();
            var letters = Vector512.LessThanOrEqual((here | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)25)).ExtractMostSignificantBits();
            var hashes = Avx512Vbmi.PermuteVar64x8x2(codesLower, here, codesUpper)
                ^ Avx512Vbmi.PermuteVar64x8(Avx512Vbmi.PermuteVar64x8x2(nextLower, here, nextUpper), by1);
            var (second, third) = (Avx512Vbmi.PermuteVar64x8(hashes, by2), Avx512Vbmi.PermuteVar64x8(hashes, by4));
            var fourth = Avx512Vbmi.PermuteVar64x8(hashes, by6);
            var ofPairs = PairsAt(ref f, ref p, 0, here, hashes, second, third, fourth)
                | PairsAt(ref f, ref p, 1, here, hashes, second, third, fourth)
                | PairsAt(ref f, ref p, 2, here, hashes, second, third, fourth);
            var (next1, next2) = (Avx512Vbmi.PermuteVar64x8(here, by1), Avx512Vbmi.PermuteVar64x8(here, by2));
            var next3 = Avx512Vbmi.PermuteVar64x8(here, by3);
            var ofBytes = BytesAt(ref b, 0, before, here, next1, next2, next3) | BytesAt(ref b, 1, before, here, next1, next2, next3);
            var ofDigits = Look(ref d, 0, here) & Look(ref d, 1, next1) & Look(ref d, 2, next2) & Look(ref d, 3, next3)
                & Look(ref d, 4, Avx512Vbmi.PermuteVar64x8(here, by4)) & Look(ref d, 5, Avx512Vbmi.PermuteVar64x8(here, by5));
            var found = ~Vector512.Equals(ofPairs | ofBytes, Vector512<byte>.Zero).ExtractMostSignificantBits();
            var capitals = Vector512.LessThanOrEqual(here - Vector512.Create((byte)'A'), Vector512.Create((byte)25)).ExtractMostSignificantBits();
            var joined = letters | digits | Vector512.Equals(here, Vector512.Create((byte)'-')).ExtractMostSignificantBits();
            found |= letters & _numbered & ((capitals & Words.Soon(digits)) | Words.SoonBehind(joined, digits));
            found |= _capitals & Words.Four(digits | capitals);
            found |= _long & Words.Eight(letters | digits) & Words.Eight(Alphanumeric(behind));
            var foundDigits = ~Vector512.Equals(ofDigits, Vector512<byte>.Zero).ExtractMostSignificantBits();
            found = Words.Begin(found, letters, digits, foundDigits, Unsafe.Add(ref bytes, start - 1), _withinWords);
            perhaps[count++] = (found & ((1UL << Judged) - 1)) >> (next - start);
            next = start + Judged;
        }

        at = next;
        return count;
    }

    // In which buckets of a set the pairs may stand where they do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> PairsAt(
        ref Vector512<byte> firsts,
        ref Vector512<byte> pairs,
        int set,
        Vector512<byte> here,
        Vector512<byte> one,
        Vector512<byte> two,
        Vector512<byte> three,
        Vector512<byte> four) =>
        Look(ref firsts, set, here) & Look(ref pairs, set * Pairs, one) & Look(ref pairs, (set * Pairs) + 1, two)
            & Look(ref pairs, (set * Pairs) + 2, three) & Look(ref pairs, (set * Pairs) + 3, four);

    // The same for bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> BytesAt(
        ref Vector512<byte> bytes, int set, Vector512<byte> before, Vector512<byte> here, Vector512<byte> next1, Vector512<byte> next2, Vector512<byte> next3) =>
        Look(ref bytes, set * Places, before) & Look(ref bytes, (set * Places) + 1, here) & Look(ref bytes, (set * Places) + 2, next1)
            & Look(ref bytes, (set * Places) + 3, next2) & Look(ref bytes, (set * Places) + 4, next3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Look(ref Vector512<byte> tables, int table, Vector512<byte> values) =>
        Avx512Vbmi.PermuteVar64x8x2(Unsafe.Add(ref tables, 2 * table), values, Unsafe.Add(ref tables, (2 * table) + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Alphanumeric(Vector512<byte> bytes) =>
        (Vector512.LessThanOrEqual(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)9))
            | Vector512.LessThanOrEqual((bytes | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'), Vector512.Create((byte)25))).ExtractMostSignificantBits();

    private static Vector512<byte> By(int count) => Vector512.Create([.. Enumerable.Range(0, Vector512<byte>.Count).Select(i => (byte)Math.Min(i + count, Vector512<byte>.Count - 1))]);
}

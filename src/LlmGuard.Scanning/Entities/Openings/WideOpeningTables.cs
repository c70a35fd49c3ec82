using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells for 56 offsets at once where one of many openings may begin, on machines that look up 64 bytes in a table of 128 with one
/// instruction. Immutable.</summary>
/// <remarks>
/// Capitals soon followed by a digit, letters joined to one, rows of capitals and long rows are always candidates. The other openings are in buckets.
/// Sixteen look at the byte before and at the first four one by one: for what begins with signs and classes of characters. Twenty-four look at the
/// first byte and at four pairs of bytes, letters in any case, by a hash of each pair, which tells words apart far better than their letters one by
/// one. Eight look at the first six bytes of what begins with a digit. Bytes that are not ASCII are all taken for the same; what is left of them is
/// looked at once more (<see cref="ForeignOpenings"/>).
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

    // Bytes outside ASCII that are sooner looked at one by one: a dash or two quotes.
    private const int MostForeign = 6;

    /// <summary>Indices by which lane i takes what lane i + 1 holds, and so on; what there is no lane for is not told.</summary>
    internal static readonly Vector512<byte> By1 = By(1), By2 = By(2), By3 = By(3), By4 = By(4);

    private readonly AlignedTables _tables;
    private readonly bool _withinWords;
    private readonly RowSigns _rows;
    private readonly ForeignOpenings _foreign;

    /// <param name="openings">The openings, and how many letters and digits in a row there may be, see <see cref="Detector.Runs"/>.</param>
    /// <param name="withinWords">Whether any may begin within a word, see <see cref="Words"/>.</param>
    public WideOpeningTables(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings, bool withinWords)
    {
        _withinWords = withinWords;
        var spread = new WideOpeningBuckets(openings);
        _rows = new RowSigns(openings);
        _foreign = new ForeignOpenings([.. openings.Select(static o => o.Sets)]);
        _tables = new AlignedTables(
            [.. spread.Bytes, .. spread.Pairs, .. spread.Firsts, .. spread.OfDigits, PairCodes.OfFirst, PairCodes.OfSecond, .. Moves()]);
    }

    /// <summary>Whether the machine has what is needed, and it may be used.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512;

    /// <summary>Goes on over a text as long as there is room for what is found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1; then the first offset that was not judged.</param>
    /// <param name="perhaps">Receives one bit for each of <see cref="Judged"/> offsets, of the last fewer.</param>
    /// <param name="isRest">Whether to go to the end of the text, as if letters followed it. What is said then of the offsets behind which fewer
    /// bytes stand than an opening looks at counts for nothing.</param>
    /// <returns>How many of these were filled.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Fill(ReadOnlySpan<byte> text, ref int at, Span<ulong> perhaps, bool isRest)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var last = isRest ? text.Length : text.Length - Seen;
        var (count, next) = (isRest ? 0 : FillTwos(text, ref at, perhaps), at);
        var letter = Vector512.Create((byte)'a');
        for (; count < perhaps.Length && last >= 1 && next < last + Judged; count++)
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

            var buckets = Buckets(ref _tables.First, new OneVector(before), new OneVector(here)).Bytes;
            perhaps[count] = Conclude(buckets, here, behind, Unsafe.Add(ref bytes, start - 1)) >> (next - start);
            next = start + Judged;
        }

        at = next;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int FillTwos(ReadOnlySpan<byte> text, ref int at, Span<ulong> perhaps)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        ref var tables = ref _tables.First;
        var (last, count, next) = (text.Length - Seen, 0, at);
        for (; count < perhaps.Length - 1 && next + Judged <= last; count += 2, next += 2 * Judged)
        {
            ref var before = ref Unsafe.Add(ref bytes, next - 1);
            ref var beforeOther = ref Unsafe.Add(ref before, Judged);
            var (here, other) = (Vector512.LoadUnsafe(ref before, 1), Vector512.LoadUnsafe(ref beforeOther, 1));
            var befores = new TwoVectors(Vector512.LoadUnsafe(ref before), Vector512.LoadUnsafe(ref beforeOther));
            var buckets = Buckets(ref tables, befores, new TwoVectors(here, other));
            perhaps[count] = Conclude(buckets.First, here, Vector512.LoadUnsafe(ref before, 1 + (LongRow / 2)), before);
            perhaps[count + 1] = Conclude(buckets.Second, other, Vector512.LoadUnsafe(ref beforeOther, 1 + (LongRow / 2)), beforeOther);
        }

        at = next;
        return count;
    }

    // The buckets of which something may begin, for each byte but the last few.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Buckets<T>(ref Vector512<byte> b, T before, T here)
        where T : struct, ILanes<T>
    {
        ref var p = ref Unsafe.Add(ref b, 2 * ByteSets * Places);
        ref var f = ref Unsafe.Add(ref p, 2 * PairSets * Pairs);
        ref var d = ref Unsafe.Add(ref f, 2 * PairSets);
        ref var codes = ref Unsafe.Add(ref d, 2 * DigitPlaces);

        // Beside the tables, since from anywhere else they would be loaded with a look whether they are there yet.
        ref var by = ref Unsafe.Add(ref codes, 4);
        var (by1, by2, by4) = (by, Unsafe.Add(ref by, 1), Unsafe.Add(ref by, 3));
        var highest = Vector512.Create(OpeningSets.NotAscii);
        (here, before) = (T.Min(here, highest), T.Min(before, highest));
        var hashes = T.Xor(T.Look(ref codes, 0, here), T.Move(T.Look(ref codes, 1, here), by1));
        var (second, third, fourth) = (T.Move(hashes, by2), T.Move(hashes, by4), T.Move(hashes, Unsafe.Add(ref by, 5)));
        var ofPairs = T.Or(
            T.Or(PairsAt(ref f, ref p, 0, here, hashes, second, third, fourth), PairsAt(ref f, ref p, 1, here, hashes, second, third, fourth)),
            PairsAt(ref f, ref p, 2, here, hashes, second, third, fourth));
        var (next1, next2, next3) = (T.Move(here, by1), T.Move(here, by2), T.Move(here, Unsafe.Add(ref by, 2)));
        var ofBytes = T.Or(BytesAt(ref b, 0, before, here, next1, next2, next3), BytesAt(ref b, 1, before, here, next1, next2, next3));
        var ofDigits = T.And(
            T.And(T.Look(ref d, 0, here), T.Look(ref d, 1, next1), T.Look(ref d, 2, next2)),
            T.Look(ref d, 3, next3),
            T.And(T.Look(ref d, 4, T.Move(here, by4)), T.Look(ref d, 5, T.Move(here, Unsafe.Add(ref by, 4)))));
        return T.Or(T.Or(ofPairs, ofBytes), ofDigits);
    }

    // In which buckets of a set the pairs may stand where they do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PairsAt<T>(ref Vector512<byte> firsts, ref Vector512<byte> pairs, int set, T here, T one, T two, T three, T four)
        where T : struct, ILanes<T> => T.And(
            T.And(T.Look(ref firsts, set, here), T.Look(ref pairs, set * Pairs, one), T.Look(ref pairs, (set * Pairs) + 1, two)),
            T.Look(ref pairs, (set * Pairs) + 2, three),
            T.Look(ref pairs, (set * Pairs) + 3, four));

    // The same for bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T BytesAt<T>(ref Vector512<byte> bytes, int set, T before, T here, T next1, T next2, T next3)
        where T : struct, ILanes<T> => T.And(
            T.And(T.Look(ref bytes, set * Places, before), T.Look(ref bytes, (set * Places) + 1, here), T.Look(ref bytes, (set * Places) + 2, next1)),
            T.Look(ref bytes, (set * Places) + 3, next2),
            T.Look(ref bytes, (set * Places) + 4, next3));

    /// <param name="buckets">The buckets of which something may begin: at a digit of what begins with digits, anywhere else of the rest.</param>
    /// <param name="here">The bytes.</param>
    /// <param name="behind">The same from half a long row on.</param>
    /// <param name="before">The byte before the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Conclude(Vector512<byte> buckets, Vector512<byte> here, Vector512<byte> behind, byte before)
    {
        var digits = Vector512.LessThanOrEqual(here - Vector512.Create((byte)'0'), Vector512.Create((byte)9)).ExtractMostSignificantBits();
        var lower = (here | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a');
        var letters = Vector512.LessThanOrEqual(lower, Vector512.Create((byte)25)).ExtractMostSignificantBits();
        var capitals = Vector512.LessThanOrEqual(here - Vector512.Create((byte)'A'), Vector512.Create((byte)25)).ExtractMostSignificantBits();
        var joined = letters | digits | Vector512.Equals(here, Vector512.Create((byte)'-')).ExtractMostSignificantBits();
        var inBuckets = ~Vector512.Equals(buckets, Vector512<byte>.Zero).ExtractMostSignificantBits();
        var foreign = here.ExtractMostSignificantBits();
        if (BitOperations.PopCount(inBuckets & foreign) > MostForeign)
        {
            inBuckets &= ~foreign | _foreign.Begin(here);
        }

        var found = inBuckets | _rows.Begin(letters, digits, capitals, joined, Words.Eight(Alphanumeric(behind)));
        return Words.Begin(found, letters, digits, inBuckets, before, _withinWords) & ((1UL << Judged) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Alphanumeric(Vector512<byte> bytes) =>
        (Vector512.LessThanOrEqual(bytes - Vector512.Create((byte)'0'), Vector512.Create((byte)9))
            | Vector512.LessThanOrEqual((bytes | Vector512.Create((byte)0x20)) - Vector512.Create((byte)'a'),
                Vector512.Create((byte)25))).ExtractMostSignificantBits();

    private static Vector512<byte> By(int count) => Vector512.Create(Move(count));

    private static byte[] Move(int count) =>
        [.. Enumerable.Range(0, Vector512<byte>.Count).Select(i => (byte)Math.Min(i + count, Vector512<byte>.Count - 1))];

    // By one to six lanes, two to a table.
    private static IEnumerable<byte[]> Moves() => Enumerable.Range(0, 3).Select(static i => (byte[])[.. Move((2 * i) + 1), .. Move((2 * i) + 2)]);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells for 16 or 32 offsets at once where one of many openings may begin. Immutable.</summary>
/// <remarks>
/// Rows of letters and digits are told by <see cref="RowSigns"/>. Of the other openings each that does not begin with a digit is in one set of
/// tables by the halves of its bytes: three look at the first four and three at the last four. Every first digit of a row is a candidate, and no byte
/// within a character.
/// </remarks>
internal sealed class NarrowOpeningTables
{
    private const int Filters = 6;
    private const int Places = NibbleTables.Places;

    // Tables of 16 for the lower and the upper halves of the bytes at each place, each twice: for both halves of a vector.
    private const int OfFilter = 2 * Places;

    private readonly AlignedTables _tables;
    private readonly RowSigns _rows;
    private readonly bool _withinWords;
    private readonly sbyte _least;

    /// <param name="openings">The openings, and how many letters and digits in a row there may be, see <see cref="Detector.Runs"/>.</param>
    /// <param name="withinWords">Whether any may begin with a letter after a letter or digit, or with a digit after a digit.</param>
    public NarrowOpeningTables(IReadOnlyList<(OpeningSets Sets, ulong Runs)> openings, bool withinWords)
    {
        (_rows, _withinWords) = (new RowSigns(openings), withinWords);

        // As bytes with a sign, those within a character come before all others.
        var within = openings.Any(static o => Enumerable.Range(0x80, 0x40).Any(value => o.Sets.Takes(0, value)));
        _least = within ? sbyte.MinValue : unchecked((sbyte)0xC0);
        OpeningSets[] others = [.. openings.Where(static o => o.Sets.Begins(isDigit: false) && !RowOpenings.IsAny(o)).Select(static o => o.Sets)];
        var numbers = OpeningBuckets.Spread(others, Filters * NibbleTables.Buckets, LooksAtFirst, static bucket => !LooksAtFirst(bucket));
        _tables = new AlignedTables([.. Enumerable.Range(0, Filters).SelectMany(filter => Tables(others, numbers, filter))]);
    }

    /// <summary>Goes on over a text as long as there is room for what is found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1; then the first offset that was not judged.</param>
    /// <param name="perhaps">Receives one bit for each of so many offsets, of the last fewer.</param>
    /// <param name="stride">How many offsets each of these is about.</param>
    /// <returns>How many of these were filled.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Fill(ReadOnlySpan<byte> text, ref int at, Span<ulong> perhaps, out int stride)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        ref var tables = ref Unsafe.As<Vector512<byte>, Vector256<byte>>(ref _tables.First);
        var end = text.Length - Opening.Length + 1;
        var count = 0;
        stride = 1;
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256 && end > Vector256<byte>.Count)
        {
            stride = Vector256<byte>.Count;
            var (known, kinds) = (-1, default(Kinds));
            for (; at < end && count < perhaps.Length; count++)
            {
                // The last offsets are judged together with some that were judged before.
                var start = Math.Min(at, end - Vector256<byte>.Count);
                ref var here = ref Unsafe.Add(ref bytes, start);
                var found = Judge(ref tables, ref here) | Judge(ref Unsafe.Add(ref tables, Filters / 2 * OfFilter),
                    ref Unsafe.Add(ref here, OpeningBuckets.Last));
                var vector = Vector256.LoadUnsafe(ref here);
                var begins = Vector256.GreaterThanOrEqual(vector.AsSByte(), Vector256.Create(_least)).ExtractMostSignificantBits();
                var isFound = ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits() & begins;
                kinds = known == start ? kinds : Kinds.Of(vector);
                known = start + Vector256<byte>.Count;
                var next = known <= text.Length - Vector256<byte>.Count
                    ? Kinds.Of(Vector256.LoadUnsafe(ref here, (nuint)Vector256<byte>.Count)) : Kinds.Unknown;
                perhaps[count] = (Begin(isFound, kinds, next, Vector256<byte>.Count, Unsafe.Subtract(ref here, 1)) & uint.MaxValue) >> (at - start);
                kinds = next;
                at = start + Vector256<byte>.Count;
            }
        }
        else if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128 && end > Vector128<byte>.Count)
        {
            stride = Vector128<byte>.Count;
            for (; at < end && count < perhaps.Length; count++)
            {
                var start = Math.Min(at, end - Vector128<byte>.Count);
                ref var here = ref Unsafe.Add(ref bytes, start);
                var found = Judge128(ref tables, ref here) | Judge128(ref Unsafe.Add(ref tables, Filters / 2 * OfFilter),
                    ref Unsafe.Add(ref here, OpeningBuckets.Last));
                var vector = Vector128.LoadUnsafe(ref here);
                var begins = Vector128.GreaterThanOrEqual(vector.AsSByte(), Vector128.Create(_least)).ExtractMostSignificantBits();
                var isFound = ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & begins;
                var next = start <= text.Length - (2 * Vector128<byte>.Count)
                    ? Kinds.Of(Vector128.LoadUnsafe(ref here, (nuint)Vector128<byte>.Count)) : Kinds.Unknown;
                perhaps[count] =
                    (Begin(isFound, Kinds.Of(vector), next, Vector128<byte>.Count, Unsafe.Subtract(ref here, 1)) & ushort.MaxValue) >> (at - start);
                at = start + Vector128<byte>.Count;
            }
        }

        return count;
    }

    private static bool LooksAtFirst(int bucket) => bucket < Filters * NibbleTables.Buckets / 2;

    // In which buckets of three filters the four bytes from each on may stand. The halves of the bytes are made once for all of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Judge(ref Vector256<byte> tables, ref byte here)
    {
        var half = Vector256.Create((byte)0x0F);
        var (one, two) = (Vector256.LoadUnsafe(ref here), Vector256.LoadUnsafe(ref here, 1));
        var (three, four) = (Vector256.LoadUnsafe(ref here, 2), Vector256.LoadUnsafe(ref here, 3));
        var (lower1, upper1) = (one & half, (one.AsUInt16() >>> 4).AsByte() & half);
        var (lower2, upper2) = (two & half, (two.AsUInt16() >>> 4).AsByte() & half);
        var (lower3, upper3) = (three & half, (three.AsUInt16() >>> 4).AsByte() & half);
        var (lower4, upper4) = (four & half, (four.AsUInt16() >>> 4).AsByte() & half);
        var found = Vector256<byte>.Zero;
        for (var at = 0; at < Filters / 2 * OfFilter; at += OfFilter)
        {
            ref var table = ref Unsafe.Add(ref tables, at);
            found |= Avx2.Shuffle(table, lower1) & Avx2.Shuffle(Unsafe.Add(ref table, 1), upper1)
                & Avx2.Shuffle(Unsafe.Add(ref table, 2), lower2) & Avx2.Shuffle(Unsafe.Add(ref table, 3), upper2)
                & Avx2.Shuffle(Unsafe.Add(ref table, 4), lower3) & Avx2.Shuffle(Unsafe.Add(ref table, 5), upper3)
                & Avx2.Shuffle(Unsafe.Add(ref table, 6), lower4) & Avx2.Shuffle(Unsafe.Add(ref table, 7), upper4);
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Judge128(ref Vector256<byte> tables, ref byte here)
    {
        var found = Vector128<byte>.Zero;
        for (var at = 0; at < Filters / 2 * OfFilter; at += OfFilter)
        {
            var buckets = Vector128<byte>.AllBitsSet;
            for (var place = 0; place < Places; place++)
            {
                ref var table = ref Unsafe.Add(ref tables, at + (2 * place));
                var (value, half) = (Vector128.LoadUnsafe(ref here, (nuint)place), Vector128.Create((byte)0x0F));
                buckets &= Vector128.ShuffleNative(table.GetLower(), value & half)
                    & Vector128.ShuffleNative(Unsafe.Add(ref table, 1).GetLower(), (value.AsUInt16() >>> 4).AsByte() & half);
            }

            found |= buckets;
        }

        return found;
    }

    /// <param name="found">Offsets at which something of a bucket may begin.</param>
    /// <param name="here">The kinds of the bytes.</param>
    /// <param name="next">Those of as many behind them.</param>
    /// <param name="count">How many these are.</param>
    /// <param name="before">The byte before the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Begin(ulong found, Kinds here, Kinds next, int count, byte before)
    {
        var (letters, digits) = (here.Letters | (next.Letters << count), here.Digits | (next.Digits << count));
        var capitals = here.Capitals | (next.Capitals << count);
        var joined = letters | digits | here.Hyphens | (next.Hyphens << count);
        found |= _rows.Begin(letters, digits, capitals, joined, Words.Eight(letters | digits) >> (WideOpeningTables.LongRow / 2));
        return Words.Begin(found, letters, digits, digits, before, _withinWords);
    }

    private static IEnumerable<byte[]> Tables(OpeningSets[] openings, int[] numbers, int filter)
    {
        var halves = Enumerable.Range(0, OfFilter).Select(static _ => new byte[Vector256<byte>.Count]).ToArray();
        for (var i = 0; i < openings.Length; i++)
        {
            if (numbers[i] / NibbleTables.Buckets != filter)
            {
                continue;
            }

            var (from, bucket) = (LooksAtFirst(numbers[i]) ? 0 : OpeningBuckets.Last, (byte)(1 << (numbers[i] % NibbleTables.Buckets)));
            for (var place = 0; place < Places; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var isLeftOut = from + place == 0 && AsciiByte.IsDigit(value);
                    if (openings[i].Takes(from + place, value) && !isLeftOut)
                    {
                        halves[2 * place][value & 0xF] |= bucket;
                        halves[(2 * place) + 1][value >> 4] |= bucket;
                    }
                }
            }
        }

        foreach (var table in halves)
        {
            table.AsSpan(0, Vector128<byte>.Count).CopyTo(table.AsSpan(Vector128<byte>.Count));
        }

        return halves.Chunk(AlignedTables.Size / Vector256<byte>.Count).Select(static some => some.SelectMany(static table => table).ToArray());
    }

    /// <summary>Which of some bytes are of a kind, one bit each.</summary>
    private readonly record struct Kinds(ulong Letters, ulong Digits, ulong Capitals, ulong Hyphens)
    {
        /// <summary>Bytes that are not known: whatever may be.</summary>
        public static Kinds Unknown => new(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Kinds Of(Vector256<byte> bytes) => new(
            Vector256.LessThan((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26))
                .ExtractMostSignificantBits(),
            Vector256.LessThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)10)).ExtractMostSignificantBits(),
            Vector256.LessThan(bytes - Vector256.Create((byte)'A'), Vector256.Create((byte)26)).ExtractMostSignificantBits(),
            Vector256.Equals(bytes, Vector256.Create((byte)'-')).ExtractMostSignificantBits());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Kinds Of(Vector128<byte> bytes) => new(
            Vector128.LessThan((bytes | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a'), Vector128.Create((byte)26))
                .ExtractMostSignificantBits(),
            Vector128.LessThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)10)).ExtractMostSignificantBits(),
            Vector128.LessThan(bytes - Vector128.Create((byte)'A'), Vector128.Create((byte)26)).ExtractMostSignificantBits(),
            Vector128.Equals(bytes, Vector128.Create((byte)'-')).ExtractMostSignificantBits());
    }
}

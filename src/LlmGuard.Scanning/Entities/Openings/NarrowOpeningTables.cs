using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities.Openings;

/// <summary>Tells for 16 or 32 offsets at once where one of many openings may begin. Immutable.</summary>
/// <remarks>
/// Two sets of tables look at the first four bytes of an opening and two at the last four; each opening that does not begin with a digit is in one of
/// them. Every first digit of a row is a candidate, and no byte within a character.
/// </remarks>
internal sealed class NarrowOpeningTables
{
    private const int Filters = 4;

    private readonly NibbleTables _first;
    private readonly NibbleTables _otherFirst;
    private readonly NibbleTables _last;
    private readonly NibbleTables _otherLast;
    private readonly bool _withinWords;
    private readonly sbyte _least;

    /// <param name="openings">The openings.</param>
    /// <param name="withinWords">Whether any may begin with a letter after a letter or digit, or with a digit after a digit.</param>
    public NarrowOpeningTables(IReadOnlyList<OpeningSets> openings, bool withinWords)
    {
        _withinWords = withinWords;

        // As bytes with a sign, those within a character come before all others.
        _least = openings.Any(static sets => Enumerable.Range(0x80, 0x40).Any(value => sets.Takes(0, value))) ? sbyte.MinValue : unchecked((sbyte)0xC0);
        OpeningSets[] others = [.. openings.Where(static sets => sets.Begins(isDigit: false))];
        var numbers = OpeningBuckets.Spread(others, Filters * NibbleTables.Buckets, LooksAtFirst, static bucket => !LooksAtFirst(bucket));
        (_first, _otherFirst) = (Tables(others, numbers, 0), Tables(others, numbers, 1));
        (_last, _otherLast) = (Tables(others, numbers, 2), Tables(others, numbers, 3));
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
        var end = text.Length - Opening.Length + 1;
        var count = 0;
        stride = 1;
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256 && end > Vector256<byte>.Count)
        {
            stride = Vector256<byte>.Count;
            for (; at < end && count < perhaps.Length; count++)
            {
                // The last offsets are judged together with some that were judged before.
                var start = Math.Min(at, end - Vector256<byte>.Count);
                ref var here = ref Unsafe.Add(ref bytes, start);
                ref var there = ref Unsafe.Add(ref here, OpeningBuckets.Last);
                var found = _first.Judge256(ref here) | _otherFirst.Judge256(ref here) | _last.Judge256(ref there) | _otherLast.Judge256(ref there);
                var kinds = Vector256.LoadUnsafe(ref here);
                var digits = Vector256.LessThan(kinds - Vector256.Create((byte)'0'), Vector256.Create((byte)10)).ExtractMostSignificantBits();
                var folded = (kinds | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a');
                var letters = Vector256.LessThan(folded, Vector256.Create((byte)26)).ExtractMostSignificantBits();
                var begins = Vector256.GreaterThanOrEqual(kinds.AsSByte(), Vector256.Create(_least)).ExtractMostSignificantBits();
                var isFound = ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits() & begins;
                perhaps[count] =
                    (Words.Begin(isFound, letters, digits, digits, Unsafe.Subtract(ref here, 1), _withinWords) & 0xFFFFFFFF) >> (at - start);
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
                ref var there = ref Unsafe.Add(ref here, OpeningBuckets.Last);
                var found = _first.Judge128(ref here) | _otherFirst.Judge128(ref here) | _last.Judge128(ref there) | _otherLast.Judge128(ref there);
                var kinds = Vector128.LoadUnsafe(ref here);
                var digits = Vector128.LessThan(kinds - Vector128.Create((byte)'0'), Vector128.Create((byte)10)).ExtractMostSignificantBits();
                var folded = (kinds | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
                var letters = Vector128.LessThan(folded, Vector128.Create((byte)26)).ExtractMostSignificantBits();
                var begins = Vector128.GreaterThanOrEqual(kinds.AsSByte(), Vector128.Create(_least)).ExtractMostSignificantBits();
                var isFound = ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & begins;
                perhaps[count] = (Words.Begin(isFound, letters, digits, digits, Unsafe.Subtract(ref here, 1), _withinWords) & 0xFFFF) >> (at - start);
                at = start + Vector128<byte>.Count;
            }
        }

        return count;
    }

    private static bool LooksAtFirst(int bucket) => bucket < Filters * NibbleTables.Buckets / 2;

    private static NibbleTables Tables(OpeningSets[] openings, int[] numbers, int filter)
    {
        byte[][] tables = [.. Enumerable.Range(0, NibbleTables.Places).Select(_ => new byte[256])];
        for (var i = 0; i < openings.Length; i++)
        {
            if (numbers[i] / NibbleTables.Buckets != filter)
            {
                continue;
            }

            var (from, bucket) = (LooksAtFirst(numbers[i]) ? 0 : OpeningBuckets.Last, (byte)(1 << (numbers[i] % NibbleTables.Buckets)));
            for (var place = 0; place < NibbleTables.Places; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var isLeftOut = from + place == 0 && AsciiByte.IsDigit(value);
                    tables[place][value] |= openings[i].Takes(from + place, value) && !isLeftOut ? bucket : (byte)0;
                }
            }
        }

        return new NibbleTables(tables);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for 16 or 32 offsets at once where one of many openings may begin. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Two sets of tables look at the first four bytes of an opening and two at the last four; each opening is in one of them. And hardly anything begins
/// within a word, which is seen for all offsets at once too.
/// </remarks>
internal sealed class OpeningFilter
{
    private const int Filters = 4;

    private readonly NibbleTables _first;
    private readonly NibbleTables _otherFirst;
    private readonly NibbleTables _last;
    private readonly NibbleTables _otherLast;
    private readonly bool _withinWords;

    /// <param name="openings">The openings.</param>
    /// <param name="withinWords">Whether any may begin within a word, see <see cref="WordBytes"/>.</param>
    public OpeningFilter(IReadOnlyList<OpeningSets> openings, bool withinWords)
    {
        _withinWords = withinWords;
        var numbers = OpeningBuckets.Spread(openings, Filters * NibbleTables.Buckets, LooksAtFirst, static bucket => !LooksAtFirst(bucket));
        (_first, _otherFirst, _last, _otherLast) = (Tables(openings, numbers, 0), Tables(openings, numbers, 1), Tables(openings, numbers, 2), Tables(openings, numbers, 3));
    }

    /// <summary>Goes on to the next offsets among which an opening may begin.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset to start at, at least 1; then the first that the result is about, or the first for which too few bytes follow.</param>
    /// <param name="judged">How many offsets the result is about.</param>
    /// <returns>One bit for each of these offsets; 0 where there are too few bytes to judge.</returns>
    /// <remarks>Optimised from the first call on: a long text without a candidate is one call, which tiered compilation would take for a rare one.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Next(ReadOnlySpan<byte> text, scoped ref int at, out int judged)
    {
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var begin = at;
        var end = text.Length - Opening.Length + 1;
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256 && end > Vector256<byte>.Count)
        {
            for (; at < end; at += Vector256<byte>.Count)
            {
                // The last offsets are judged together with some that were judged before.
                var start = Math.Min(at, end - Vector256<byte>.Count);
                ref var here = ref Unsafe.Add(ref bytes, start);
                ref var there = ref Unsafe.Add(ref here, OpeningBuckets.Last);
                var found = _first.Judge256(ref here) | _otherFirst.Judge256(ref here) | _last.Judge256(ref there) | _otherLast.Judge256(ref there);
                if (found != Vector256<byte>.Zero)
                {
                    var perhaps = ~Vector256.Equals(found, Vector256<byte>.Zero).ExtractMostSignificantBits();
                    perhaps &= _withinWords ? uint.MaxValue : ~WordBytes.Within256(ref here);
                    perhaps >>= at - start;
                    if (perhaps != 0)
                    {
                        judged = start + Vector256<byte>.Count - at;
                        return perhaps;
                    }
                }
            }
        }
        else if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128 && end > Vector128<byte>.Count)
        {
            for (; at < end; at += Vector128<byte>.Count)
            {
                var start = Math.Min(at, end - Vector128<byte>.Count);
                ref var here = ref Unsafe.Add(ref bytes, start);
                ref var there = ref Unsafe.Add(ref here, OpeningBuckets.Last);
                var found = _first.Judge128(ref here) | _otherFirst.Judge128(ref here) | _last.Judge128(ref there) | _otherLast.Judge128(ref there);
                if (found != Vector128<byte>.Zero)
                {
                    var perhaps = ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
                    perhaps &= _withinWords ? uint.MaxValue : ~WordBytes.Within128(ref here);
                    perhaps >>= at - start;
                    if (perhaps != 0)
                    {
                        judged = start + Vector128<byte>.Count - at;
                        return perhaps;
                    }
                }
            }
        }

        at = Math.Min(at, Math.Max(end, begin));
        judged = 0;
        return 0;
    }

    /// <summary>Whether no opening begins at one offset because it is within a word: what <see cref="Next"/> sees for many at once.</summary>
    public bool IsWithinWord(ReadOnlySpan<byte> text, int at) => !_withinWords && at > 0 && WordBytes.IsWithin(text[at - 1], text[at]);

    private static bool LooksAtFirst(int bucket) => bucket < Filters * NibbleTables.Buckets / 2;

    private static NibbleTables Tables(IReadOnlyList<OpeningSets> openings, int[] numbers, int filter)
    {
        byte[][] tables = [.. Enumerable.Range(0, NibbleTables.Places).Select(_ => new byte[256])];
        for (var i = 0; i < openings.Count; i++)
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
                    tables[place][value] |= openings[i].Takes(from + place, value) ? bucket : (byte)0;
                }
            }
        }

        return new NibbleTables(tables);
    }
}

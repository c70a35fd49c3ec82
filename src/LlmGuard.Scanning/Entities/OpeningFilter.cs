using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Entities;

/// <summary>Tells for 16 or 32 offsets at once where one of many openings may begin. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Two sets of tables look at the first four and at the last four bytes of an opening; each opening is in the one whose bytes are rarer. And hardly
/// anything begins within a word, which is seen for all offsets at once too.
/// </remarks>
internal sealed class OpeningFilter
{
    private const int Half = NibbleTables.Places;

    private readonly NibbleTables _first;
    private readonly NibbleTables _last;
    private readonly bool _withinWords;

    /// <param name="openings">The openings.</param>
    /// <param name="withinWords">Whether any may begin within a word, see <see cref="WordBytes"/>.</param>
    public OpeningFilter(IEnumerable<OpeningSets> openings, bool withinWords)
    {
        _withinWords = withinWords;
        var buckets = new OpeningBuckets(openings);
        (_first, _last) = (new NibbleTables(buckets.First), new NibbleTables(buckets.Last));
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
                var found = _first.Judge256(ref here) | _last.Judge256(ref Unsafe.Add(ref here, Half));
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
                var found = _first.Judge128(ref here) | _last.Judge128(ref Unsafe.Add(ref here, Half));
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
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>
/// Tells for 64 bytes at once where a word of interest may begin or end, and what may be the middle of one, by three letters each.
/// Says "perhaps" too often and "no" never wrongly. Immutable.
/// </summary>
internal sealed class EdgeFilter
{
    /// <summary>Bytes before and behind the 64 that are read.</summary>
    public const int Margin = 2;

    /// <summary>Length in bytes from which words always are of interest: at most so many lead from the end of any other back to its start.</summary>
    public const int LongestTold = 16;

    // The share of words that may pass. Beyond it to ask the next filter of every word costs no more.
    private const double Crowded = 0.3;

    // In a word there are about so many places where a middle may be.
    private const int Places = 6;

    /// <summary>More sets share eight buckets so closely that most words pass; it is not worth finding out.</summary>
    public const int Most = 500;

    private readonly LetterTables _first;
    private readonly LetterTables _last;
    private readonly LetterTables _middle;

    // The tables of the three for the widest vectors.
    private readonly AlignedTables _wide;

    private EdgeFilter(LetterTables first, LetterTables last, LetterTables middle, int middleFrom, int longFrom)
    {
        (_first, _last, _middle, LongFrom) = (first, last, middle, longFrom);
        _wide = new AlignedTables([.. first.Places, .. last.Places, .. middle.Places]);
        MiddleFrom = middle.IsEmpty ? longFrom : Math.Min(middleFrom, longFrom);
    }

    /// <summary>Length from which words are of interest for what stands within them too.</summary>
    public int MiddleFrom { get; }

    /// <summary>Length from which words are of interest whatever stands in them.</summary>
    public int LongFrom { get; }

    /// <summary>Compiles a filter.</summary>
    /// <param name="first">What words of interest begin with: up to three sets of letters each. All are ASCII.</param>
    /// <param name="last">What others end with.</param>
    /// <param name="middle">What stands anywhere in others of at least a given length.</param>
    /// <param name="middleFrom">That length.</param>
    /// <param name="longFrom">Length from which words are of interest whatever stands in them.</param>
    /// <returns>The filter; null where it would let too much pass, or where there are no vectors.</returns>
    public static EdgeFilter? TryCreate(
        IReadOnlyCollection<byte[][]> first,
        IReadOnlyCollection<byte[][]> last,
        IReadOnlyCollection<byte[][]> middle,
        int middleFrom,
        int longFrom)
    {
        if (!Vector128.IsHardwareAccelerated || first.Count + last.Count + middle.Count > Most)
        {
            return null;
        }

        var (starts, ends, within) = (new LetterTables(first), new LetterTables(last.Select(ToEnd)), new LetterTables(middle));
        return starts.Share + ends.Share > Crowded || Places * within.Share > Crowded
            ? null
            : new EdgeFilter(starts, ends, within, middleFrom, Math.Min(longFrom, LongestTold));
    }

    /// <summary>Asks of each of 64 bytes.</summary>
    /// <param name="here">The first of them; <see cref="Margin"/> more before and behind them can be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EdgeBits Find(ref byte here)
    {
        EdgeBits bits = default;
        if (Avx512Vbmi.IsSupported && Simd.Level >= SimdLevel.Bits512)
        {
            ref var tables = ref _wide.First;
            bits.First = In(ref tables, ref here);
            bits.Last = _last.IsEmpty ? 0 : In(ref Unsafe.Add(ref tables, 2 * LetterTables.Letters), ref Unsafe.Subtract(ref here, Margin));
            bits.Middle = _middle.IsEmpty ? 0 : In(ref Unsafe.Add(ref tables, 4 * LetterTables.Letters), ref here);
            return bits;
        }

        bits.First = _first.Find(ref here);
        bits.Last = _last.IsEmpty ? 0 : _last.Find(ref Unsafe.Subtract(ref here, Margin));
        bits.Middle = _middle.IsEmpty ? 0 : _middle.Find(ref here);
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong In(ref Vector512<byte> tables, ref byte here)
    {
        var buckets = ByteBuckets.Of64(ref tables, ref here) & ByteBuckets.Of64(ref Unsafe.Add(ref tables, 2), ref Unsafe.Add(ref here, 1))
            & ByteBuckets.Of64(ref Unsafe.Add(ref tables, 4), ref Unsafe.Add(ref here, 2));
        return ~Vector512.Equals(buckets, Vector512<byte>.Zero).ExtractMostSignificantBits();
    }

    // Any letters stand before those that are known.
    private static byte[][] ToEnd(byte[][] letters) => [.. Enumerable.Repeat(LetterTables.Any, LetterTables.Letters - letters.Length), .. letters];
}

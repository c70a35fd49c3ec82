using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Tells for 64 bytes at once where a word of interest may begin or end, by three letters. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
internal sealed class EdgeFilter
{
    /// <summary>Bytes before and behind the 64 that are read.</summary>
    public const int Margin = 2;

    /// <summary>Length in bytes from which words always are of interest: at most so many lead from the end of any other back to its start.</summary>
    public const int LongestTold = 16;

    // The share of words that may pass. Beyond it to ask the next filter of every word costs no more.
    private const double Crowded = 0.3;

    // So many share eight buckets so closely that most words pass; it is not worth finding out.
    private const int Most = 500;

    private readonly LetterTables _first;
    private readonly LetterTables? _last;

    private EdgeFilter(LetterTables first, LetterTables? last, int longFrom)
    {
        (_first, _last, LongFrom) = (first, last, longFrom);
    }

    /// <summary>Length from which words are of interest whatever their edges.</summary>
    public int LongFrom { get; }

    /// <summary>Compiles a filter.</summary>
    /// <param name="first">What words of interest begin with: up to three sets of letters each. All are ASCII.</param>
    /// <param name="last">What others end with.</param>
    /// <param name="longFrom">Length from which words are of interest whatever their edges.</param>
    /// <returns>The filter; null where it would let too much pass, or where there are no vectors.</returns>
    public static EdgeFilter? TryCreate(IReadOnlyCollection<byte[][]> first, IReadOnlyCollection<byte[][]> last, int longFrom)
    {
        if (!Vector128.IsHardwareAccelerated || first.Count + last.Count > Most)
        {
            return null;
        }

        var (starts, ends) = (new LetterTables(first), new LetterTables(last.Select(ToEnd)));
        return starts.Share + ends.Share > Crowded ? null : new EdgeFilter(starts, ends.IsEmpty ? null : ends, Math.Min(longFrom, LongestTold));
    }

    // Any letters stand before those that are known.
    private static byte[][] ToEnd(byte[][] letters) => [.. Enumerable.Repeat(LetterTables.Any, LetterTables.Letters - letters.Length), .. letters];

    /// <summary>Asks of each of 64 bytes.</summary>
    /// <param name="here">The first of them; <see cref="Margin"/> more before and behind them can be read.</param>
    /// <param name="last">One bit for each byte that a word of interest may end with, that included.</param>
    /// <returns>One bit for each byte with which one may begin.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find(ref byte here, out ulong last)
    {
        if (Avx2.IsSupported && Simd.Level >= SimdLevel.Bits256)
        {
            last = _last is null ? 0 : _last.Find256(ref Unsafe.Subtract(ref here, Margin));
            return _first.Find256(ref here);
        }

        if (Vector128.IsHardwareAccelerated && Simd.Level >= SimdLevel.Bits128)
        {
            last = _last is null ? 0 : _last.Find128(ref Unsafe.Subtract(ref here, Margin));
            return _first.Find128(ref here);
        }

        last = ulong.MaxValue;
        return ulong.MaxValue;
    }
}

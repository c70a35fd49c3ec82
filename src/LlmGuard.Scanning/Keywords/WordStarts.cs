using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Walks the rows of word bytes of a text of which a word may be worth a look; 64 bytes are sorted at a time.</summary>
/// <remarks>
/// It stops at the start of each row of at least a given length, at each byte outside ASCII, since only decoding tells where words begin and end
/// there, and, if asked for, at each letter that stands alone and is followed closely by another one. Where the edges of words are told,
/// rows whose edges are of no interest are passed over.
/// </remarks>
internal ref struct WordStarts
{
    /// <summary>
    /// Most bytes between two letters that stand alone; <see cref="SpacedSearch"/> and <see cref="Folding.SpacedLetters"/> take at most so many.
    /// </summary>
    public const int MaxGap = 4;

    private const int Width = 64;

    // Sorted at once: what a block needs of the one before and behind it stays in registers, and a loop that ends is guessed wrongly once for all.
    private const int Blocks = 8;

    private readonly ReadOnlySpan<byte> _text;
    private readonly WordBytes _bytes;
    private readonly int _shortest;
    private readonly bool _singles;
    private readonly EdgeFilter? _edges;

    // Of the block that was stopped in last, its number among those sorted, its offset and the stops in it. The one behind the last has no stops yet.
    private int _number;
    private int _sorted;
    private int _block = -Width;
    private ulong _left;
    private Bits _stops;
    private Bits _words;
    private Bits _foreign;

    // One by one, since a struct would be copied by loads wider than the stores before, which wait for these: longer than a block takes.
    private ulong _nextFirst;
    private ulong _nextLast;
    private ulong _nextMiddle;

    /// <param name="text">The text.</param>
    /// <param name="bytes">Which bytes words consist of.</param>
    /// <param name="shortest">Length of the shortest row of interest, at least 1.</param>
    /// <param name="singles">Whether letters that stand alone are of interest.</param>
    /// <param name="edges">Which rows are of interest by their first or last letters, or null if all are.</param>
    public WordStarts(ReadOnlySpan<byte> text, WordBytes bytes, int shortest, bool singles, EdgeFilter? edges = null)
    {
        _text = text;
        _bytes = bytes;
        _shortest = Math.Min(shortest, Width);
        _singles = singles;
        _edges = edges;
        _words[0] = Sort(0, out _foreign[0], out var next);
        (_nextFirst, _nextLast, _nextMiddle) = (next.First, next.Last, next.Middle);
    }

    /// <summary>The first stop at an offset or behind it; offsets ascend from call to call.</summary>
    /// <returns>The offset; the length of the text if there is none.</returns>
    public int Next(int from)
    {
        do
        {
            var ahead = from - _block;
            if (ahead < Width)
            {
                var stops = _left & (ulong.MaxValue << Math.Max(0, ahead));
                if (stops != 0)
                {
                    return _block + BitOperations.TrailingZeroCount(stops);
                }
            }
        }
        while (Advance());

        return _text.Length;
    }

    /// <summary>Where the row of word bytes that an offset is in ends. The offset is one that <see cref="Next"/> has just given.</summary>
    public readonly int EndOf(int start)
    {
        var first = start - _block;
        var length = BitOperations.TrailingZeroCount(~((_words[_number] >> first) | (_words[_number + 1] << 1 << (Width - 1 - first))));
        return length < Width ? start + length : EndOfLong(start);
    }

    private readonly int EndOfLong(int start)
    {
        var end = start + Width;
        while (end < _text.Length && _bytes.Contains(_text[end]))
        {
            end++;
        }

        return Math.Min(end, _text.Length);
    }

    /// <summary>Whether a row is ASCII. It begins where <see cref="Next"/> has just stopped.</summary>
    public readonly bool IsAscii(int start, int end) =>
        ((_foreign[_number] | _foreign[_number + 1]) == 0 && end <= _block + (2 * Width)) || System.Text.Ascii.IsValid(_text[start..end]);

    // Goes on to the next block, be there a stop in it or not.
    private bool Advance()
    {
        if (++_number >= _sorted && !SortBlocks())
        {
            return false;
        }

        _block += Width;
        _left = _stops[_number];
        return true;
    }

    /// <summary>Sorts the next blocks.</summary>
    /// <returns>Whether there are any.</returns>
    /// <remarks>
    /// Optimised from the first call on: a long text without a stop is one call, which tiered compilation would take for a rare one.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool SortBlocks()
    {
        var block = _block + Width;
        var (before, next, nextForeign) = (_sorted == 0 ? 0 : _words[_sorted - 1] >> (Width - 1), _words[_sorted], _foreign[_sorted]);
        EdgeBits nextEdges = default;
        (nextEdges.First, nextEdges.Last, nextEdges.Middle) = (_nextFirst, _nextLast, _nextMiddle);
        var (edges, count) = (_edges, 0);
        for (; count < Blocks && block < _text.Length; block += Width, count++)
        {
            var (words, foreign, edgesHere) = (next, nextForeign, nextEdges);
            (_words[count], _foreign[count]) = (words, foreign);
            next = Sort(block + Width, out nextForeign, out nextEdges);
            var starts = words & ~((words << 1) | before);
            before = words >> (Width - 1);
            var rows = edges is null ? Rows(words, next, _shortest) : OfInterest(edges, words, edgesHere, next, nextEdges);
            var stops = (starts & rows) | foreign;
            if (_singles && (starts & ~((words >> 1) | (next << (Width - 1)))) is not 0 and var alone)
            {
                stops |= alone & Followed(alone, words, foreign, next, nextForeign);
            }

            _stops[count] = stops;
        }

        (_words[count], _foreign[count]) = (next, nextForeign);
        (_nextFirst, _nextLast, _nextMiddle) = (nextEdges.First, nextEdges.Last, nextEdges.Middle);
        (_number, _sorted) = (0, count);
        return count > 0;
    }

    // Where a letter alone or a byte outside ASCII follows closely; the letter before such a byte may be alone too.
    private static ulong Followed(ulong alone, ulong words, ulong foreign, ulong next, ulong nextForeign)
    {
        var (others, othersNext) = (alone | foreign, (next & ~((next << 1) | (words >> (Width - 1))) & ~(next >> 1)) | nextForeign);
        return Ahead(others, othersNext, 2) | Ahead(others, othersNext, 3) | Ahead(others, othersNext, 4) | Ahead(others, othersNext, MaxGap + 1)
            | Ahead(foreign, nextForeign, MaxGap + 2);
    }

    // Where at least so many word bytes begin.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Rows(ulong words, ulong next, int shortest)
    {
        for (var length = 1; length < shortest;)
        {
            var more = Math.Min(length, shortest - length);
            words &= Ahead(words, next, more);
            next &= next >> more;
            length += more;
        }

        return words;
    }

    private static ulong Ahead(ulong bits, ulong next, int count) => (bits >> count) | (next << (Width - count));

    // The rows that begin or end with letters of interest, hold some if they are longer, or are longer still.
    // One that goes on in the next block may end there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong OfInterest(EdgeFilter filter, ulong words, EdgeBits edges, ulong next, EdgeBits nextEdges)
    {
        var behind = next & ~(next + 1);
        var ends = words & ~Ahead(words, next, 1);
        var found = edges.First | Back(words, (edges.Last & ends) | Last(behind & ~(behind >> 1) & nextEdges.Last))
            | Rows(words, next, filter.LongFrom);
        return filter.MiddleFrom == filter.LongFrom
            ? found
            : found | (Rows(words, next, filter.MiddleFrom) & Back(words, edges.Middle | Last(behind & nextEdges.Middle)));
    }

    private static ulong Last(ulong any) => any == 0 ? 0 : 1UL << (Width - 1);

    // Leads from bytes of rows back to their starts, by less than EdgeFilter.LongestTold bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Back(ulong words, ulong from)
    {
        from &= words;
        from |= words & (from >> 1);
        words &= words >> 1;
        from |= words & (from >> 2);
        words &= words >> 2;
        from |= words & (from >> 4);
        words &= words >> 4;
        return from | (words & (from >> 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Sort(int block, out ulong foreign, out EdgeBits edges)
    {
        if (block >= EdgeFilter.Margin && block + Width + EdgeFilter.Margin <= _text.Length)
        {
            return Sort(ref Unsafe.Add(ref MemoryMarshal.GetReference(_text), block), out foreign, out edges);
        }

        return SortAtEdge(block, out foreign, out edges);
    }

    // Where less than is read at once is left of the text, or nothing stands before it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly ulong SortAtEdge(int block, out ulong foreign, out EdgeBits edges)
    {
        Span<byte> bytes = stackalloc byte[Width + (2 * EdgeFilter.Margin)];
        bytes.Clear();
        if (block >= _text.Length)
        {
            (foreign, edges) = (0, default);
            return 0;
        }

        var from = Math.Max(0, block - EdgeFilter.Margin);
        _text[from..Math.Min(_text.Length, block + Width + EdgeFilter.Margin)].CopyTo(bytes[(from - block + EdgeFilter.Margin)..]);
        var known = ulong.MaxValue >> Math.Max(0, Width - (_text.Length - block));
        return known & Sort(ref bytes[EdgeFilter.Margin], out foreign, out edges);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ulong Sort(ref byte here, out ulong foreign, out EdgeBits edges)
    {
        edges = _edges is null ? default : _edges.Find(ref here);
        return _bytes.Sort(ref here, out foreign);
    }

    /// <summary>64 bits for each block, and for the one behind.</summary>
    [InlineArray(Blocks + 1)]
    private struct Bits
    {
        private ulong _first;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Scanning.Folding;

/// <summary>Tells by the first and the last letters of a word whether it may resemble one of some words. Says "perhaps" too often and "no" never wrongly. Immutable.</summary>
/// <remarks>
/// Of a word with one edit either the first half stands unchanged at the start or the second half at the end. Where two edits are allowed, or words are long, it says "perhaps".
/// </remarks>
internal sealed class WordEdges
{
    private const int Longest = 15;
    private const int Pairs = 1 << 10;
    private const int Triples = 1 << 12;

    // Where so much of what may stand at an edge does, asking costs more than it saves.
    private const double Crowded = 0.4;

    // For each pair, and behind them each hash of three letters, one bit for every length of word.
    private readonly ushort[] _first = new ushort[Pairs + Triples];
    private readonly ushort[] _last = new ushort[Pairs + Triples];
    private readonly ushort _perhaps;
    private readonly ushort _threes;

    /// <param name="reachable">By length of word in bytes, the words it may resemble, and by how many edits each at most.</param>
    public WordEdges(Func<int, IEnumerable<(FuzzyPattern Pattern, int Reach)>> reachable)
    {
        _perhaps = 1;
        for (var length = 1; length <= Longest; length++)
        {
            var bit = (ushort)(1 << length);
            (FuzzyPattern Pattern, int Reach)[] all = [.. reachable(length)];
            var shortest = all.Select(p => p.Reach == 0 ? p.Pattern.CodePoints.Length : p.Pattern.CodePoints.Length / 2).DefaultIfEmpty(3).Min();
            if (shortest < 2 || length < 2 || all.Any(p => p.Reach > 1))
            {
                _perhaps |= bit;
                continue;
            }

            var count = Math.Min(shortest, 3);
            _threes |= count == 3 ? bit : (ushort)0;
            foreach (var (pattern, reach) in all)
            {
                Add(_first, pattern.CodePoints.AsSpan(0, count), bit);
                if (reach > 0)
                {
                    Add(_last, pattern.CodePoints.AsSpan(^count..), bit);
                }
            }

            _perhaps |= Share(_first, bit, count) + Share(_last, bit, count) > Crowded ? bit : (ushort)0;
        }

        // Where many words have two edits, most that are long enough pass what tells those, and it is left out.
        Filter = NewFilter(reachable, 2) ?? NewFilter(reachable, 1);
    }

    /// <summary>Tells the same of 64 bytes at once, with less regard to lengths; null where that does not help.</summary>
    public EdgeFilter? Filter { get; }

    /// <summary>Whether a word may resemble one.</summary>
    /// <param name="word">The word: ASCII in lower case, at least two bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayResemble(ReadOnlySpan<byte> word)
    {
        var length = word.Length;
        if (length > Longest || ((_perhaps >> length) & 1) != 0)
        {
            return true;
        }

        ref var first = ref MemoryMarshal.GetReference(word);
        ref var last = ref Unsafe.Add(ref first, length - 2);
        int start, end;
        if (((_threes >> length) & 1) != 0)
        {
            start = Triple(first, Unsafe.Add(ref first, 1), Unsafe.Add(ref first, 2));
            end = Triple(Unsafe.Subtract(ref last, 1), last, Unsafe.Add(ref last, 1));
        }
        else
        {
            start = Pair(first, Unsafe.Add(ref first, 1));
            end = Pair(last, Unsafe.Add(ref last, 1));
        }

        return (((_first[start] | _last[end]) >> length) & 1) != 0;
    }

    // Of a word with two edits a third of what it resembles stands unchanged: the first at its start, the last at its end, or the middle within it.
    private static EdgeFilter? NewFilter(Func<int, IEnumerable<(FuzzyPattern Pattern, int Reach)>> reachable, int mostEdits)
    {
        var (first, last, middle) = (new Dictionary<string, byte[][]>(), new Dictionary<string, byte[][]>(), new Dictionary<string, byte[][]>());
        var (length, middleFrom) = (1, EdgeFilter.LongestTold);
        for (; length < EdgeFilter.LongestTold; length++)
        {
            (FuzzyPattern Pattern, int Reach)[] all = [.. reachable(length)];
            if (all.Any(p => p.Reach > mostEdits || p.Pattern.CodePoints.Length <= p.Reach))
            {
                break;
            }

            foreach (var (pattern, reach) in all)
            {
                var part = pattern.CodePoints.Length / (reach + 1);
                Note(first, pattern.CodePoints.AsSpan(0, Math.Min(part, LetterTables.Letters)));
                if (reach > 0)
                {
                    Note(last, pattern.CodePoints.AsSpan(^Math.Min(part, LetterTables.Letters)..));
                }

                if (reach == 2)
                {
                    middleFrom = Math.Min(middleFrom, length);
                    Note(middle, pattern.CodePoints.AsSpan(part, Math.Min(pattern.CodePoints.Length - (2 * part), LetterTables.Letters)));
                }
            }
        }

        return EdgeFilter.TryCreate(first.Values, last.Values, middle.Values, middleFrom, length);
    }

    private static void Note(Dictionary<string, byte[][]> edges, ReadOnlySpan<int> letters)
    {
        if (!letters.ContainsAnyExceptInRange(0, 0x7F))
        {
            var edge = letters.ToArray();
            edges.TryAdd(string.Concat(edge.Select(l => (char)l)), [.. edge.Select(l => (byte[])[(byte)l, .. LookalikeDigits.For(l).Select(d => (byte)d)])]);
        }
    }

    // Digits that are read as letters stand for them here too. What is not ASCII is at the edge of no ASCII word.
    private static void Add(ushort[] table, ReadOnlySpan<int> letters, ushort bit)
    {
        foreach (var letter in letters)
        {
            if (letter >= 0x80)
            {
                return;
            }
        }

        var spellings = new List<byte[]> { Array.Empty<byte>() };
        foreach (var letter in letters)
        {
            var digits = LookalikeDigits.For(letter).Append((char)letter).ToArray();
            spellings = [.. spellings.SelectMany(s => digits.Select(d => (byte[])[.. s, (byte)d]))];
        }

        foreach (var s in spellings)
        {
            table[s.Length == 3 ? Triple(s[0], s[1], s[2]) : Pair(s[0], s[1])] |= bit;
        }
    }

    private static double Share(ushort[] table, ushort bit, int count)
    {
        var part = count == 3 ? table.AsSpan(Pairs) : table.AsSpan(0, Pairs);
        var filled = 0;
        foreach (var entry in part)
        {
            filled += (entry & bit) != 0 ? 1 : 0;
        }

        return (double)filled / part.Length;
    }

    private static int Pair(byte first, byte second) => (first & 31) | ((second & 31) << 5);

    private static int Triple(byte first, byte second, byte third) =>
        Pairs + (int)(((uint)(Pair(first, second) | ((third & 31) << 10)) * 0x9E3779B1u) >> 20);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Tells by the first and the last letters of a word whether it may resemble one of some words. Says "perhaps" too often and "no" never wrongly.
/// Immutable.
/// </summary>
/// <remarks>
/// Of a word with one edit either the first half stands unchanged at the start or the second half at the end. Where two edits are allowed, or words
/// are long, it says "perhaps".
/// </remarks>
internal sealed class WordEdges
{
    private const int Longest = 15;
    private const int Pairs = 1 << 10;

    // By so many bits triples are told from each other, and by fewer where there are few words.
    private const int TripleBits = 12;
    private const int FewTripleBits = 9;
    private const int Few = 16;

    // Where so much of what may stand at an edge does, asking costs more than it saves.
    private const double Crowded = 0.4;

    // For each pair, and behind them each hash of three letters, one bit for every length of word.
    private readonly ushort[] _first;
    private readonly ushort[] _last;
    private readonly int _tripleShift;
    private readonly ushort _perhaps;
    private readonly ushort _threes;

    /// <param name="reachable">By length of word in bytes, the words it may resemble, and by how many edits each at most.</param>
    public WordEdges(Func<int, (FuzzyPattern Pattern, int Reach)[]> reachable)
    {
        (FuzzyPattern Pattern, int Reach)[][] byLength = [[], .. Enumerable.Range(1, Longest).Select(reachable)];
        var bits = byLength.All(static all => all.Length <= Few) ? FewTripleBits : TripleBits;
        (_first, _last, _tripleShift) = (new ushort[Pairs + (1 << bits)], new ushort[Pairs + (1 << bits)], 32 - bits);
        _perhaps = 1;
        for (var length = 1; length <= Longest; length++)
        {
            var bit = (ushort)(1 << length);
            var all = byLength[length];
            var (shortest, most) = (LetterTables.Letters, 0);
            foreach (var (pattern, reach) in all)
            {
                most = Math.Max(most, reach);
                shortest = Math.Min(shortest, reach == 0 ? pattern.CodePoints.Length : pattern.CodePoints.Length / 2);
            }

            if (shortest < 2 || length < 2 || most > 1)
            {
                _perhaps |= bit;
                continue;
            }

            _threes |= shortest == LetterTables.Letters ? bit : (ushort)0;
            foreach (var (pattern, reach) in all)
            {
                Add(_first, pattern.CodePoints.AsSpan(0, shortest), bit);
                if (reach > 0)
                {
                    Add(_last, pattern.CodePoints.AsSpan(^shortest..), bit);
                }
            }

            _perhaps |= Share(_first, bit, shortest) + Share(_last, bit, shortest) > Crowded ? bit : (ushort)0;
        }

        // Where many words have two edits, most that are long enough pass what tells those, and it is left out.
        Filter = NewFilter(byLength, 2) ?? NewFilter(byLength, 1);
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
    private static EdgeFilter? NewFilter((FuzzyPattern Pattern, int Reach)[][] byLength, int mostEdits)
    {
        var (first, last, middle) = (new Dictionary<int, byte[][]>(), new Dictionary<int, byte[][]>(), new Dictionary<int, byte[][]>());
        var (length, middleFrom) = (1, EdgeFilter.LongestTold);
        for (; length < byLength.Length && !Array.Exists(byLength[length], p => p.Reach > mostEdits
            || p.Pattern.CodePoints.Length <= p.Reach); length++)
        {
            foreach (var (pattern, reach) in byLength[length])
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

                if (first.Count + last.Count + middle.Count > EdgeFilter.Most)
                {
                    return null;
                }
            }
        }

        return EdgeFilter.TryCreate(first.Values, last.Values, middle.Values, middleFrom, length);
    }

    private static void Note(Dictionary<int, byte[][]> edges, ReadOnlySpan<int> letters)
    {
        var key = letters.Length;
        foreach (var letter in letters)
        {
            if (letter is < 0 or > 0x7F)
            {
                return;
            }

            key = (key << 7) | letter;
        }

        ref var sets = ref CollectionsMarshal.GetValueRefOrAddDefault(edges, key, out var isKnown);
        if (!isKnown)
        {
            sets = new byte[letters.Length][];
            for (var i = 0; i < letters.Length; i++)
            {
                sets[i] = [(byte)letters[i], .. Encoding.ASCII.GetBytes(LookalikeDigits.For(letters[i]).ToString())];
            }
        }
    }

    // Digits that are read as letters stand for them here too. What is not ASCII is at the edge of no ASCII word.
    private void Add(ushort[] table, ReadOnlySpan<int> letters, ushort bit)
    {
        if (letters.ContainsAnyExceptInRange(0, 0x7F))
        {
            return;
        }

        Span<byte> spelling = stackalloc byte[LetterTables.Letters];
        for (var number = 0; Spell(letters, number, spelling); number++)
        {
            table[letters.Length == 3 ? Triple(spelling[0], spelling[1], spelling[2]) : Pair(spelling[0], spelling[1])] |= bit;
        }
    }

    // The spellings of some letters by number: each letter is itself, then each of its digits.
    private static bool Spell(ReadOnlySpan<int> letters, int number, Span<byte> spelling)
    {
        for (var i = 0; i < letters.Length; i++)
        {
            var digits = LookalikeDigits.For(letters[i]);
            var choice = number % (digits.Length + 1);
            (spelling[i], number) = (choice == 0 ? (byte)letters[i] : (byte)digits[choice - 1], number / (digits.Length + 1));
        }

        return number == 0;
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

    private int Triple(byte first, byte second, byte third) =>
        Pairs + (int)(((uint)(Pair(first, second) | ((third & 31) << 10)) * 0x9E3779B1u) >> _tripleShift);
}

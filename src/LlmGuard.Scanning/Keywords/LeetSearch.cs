namespace LlmGuard.Scanning.Keywords;

/// <summary>Finds keywords in which digits or signs stand for letters, as in <c>c0nf1dential</c>. For one thread at a time.</summary>
internal sealed class LeetSearch(KeywordTrie trie)
{
    private readonly List<int> _starts = [];
    private byte[] _letters = [];

    /// <summary>Finds all.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isEnd">Whether it ends there; if not, what reaches its end counts for nothing.</param>
    /// <param name="found">Receives offset, length and rule.</param>
    /// <param name="steps">Increased by the bytes looked at.</param>
    public void Find(ReadOnlySpan<byte> text, bool isEnd, List<(int Start, int Length, int Rule)> found, ref long steps)
    {
        var done = 0;
        for (var at = NextMixed(text, 0); at < text.Length;)
        {
            // Around each of them, and around all that are so close together that a keyword could hold two.
            var (from, to) = (Math.Max(done, at - trie.Longest), at + trie.Longest);
            for (at = NextMixed(text, at + 1); at < to; at = NextMixed(text, at + 1))
            {
                to = at + trie.Longest;
                if (at == text.Length)
                {
                    break;
                }
            }

            to = Math.Min(to, text.Length);
            FindIn(text[from..to], from, isEnd || to < text.Length, found, ref steps);
            done = from;
        }
    }

    private void FindIn(ReadOnlySpan<byte> region, int origin, bool isEnd, List<(int Start, int Length, int Rule)> found, ref long steps)
    {
        if (_letters.Length < region.Length)
        {
            _letters = new byte[region.Length * 2];
        }

        var letters = _letters.AsSpan(0, region.Length);
        for (var i = 0; i < region.Length; i++)
        {
            letters[i] = LeetLetters.AsLetters[region[i]];
        }

        steps += region.Length;
        _starts.Clear();
        trie.FindStarts(letters, _starts, ref steps);
        foreach (var start in _starts)
        {
            var length = trie.LongestAt(letters, start, out var rule, ref steps, out var isOpen);
            if (length > 0 && (isEnd || !isOpen) && LeetLetters.IsMixed(region.Slice(start, length)))
            {
                found.Add((origin + start, length, rule));
            }
        }

        letters.Clear();
    }

    private static int NextMixed(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length)
        {
            var next = text[at..].IndexOfAny(LeetLetters.Disguises);
            if (next < 0)
            {
                return text.Length;
            }

            at += next;
            if ((at > 0 && AsciiByte.IsLetter(text[at - 1])) || (at + 1 < text.Length && AsciiByte.IsLetter(text[at + 1])))
            {
                return at;
            }

            at++;
        }

        return text.Length;
    }
}

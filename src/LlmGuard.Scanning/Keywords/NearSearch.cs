namespace LlmGuard.Scanning.Keywords;

/// <summary>
/// Finds the words of a text that are near a keyword of one word. Reusable, for one thread at a time; keeps hashes of words, no text.
/// </summary>
internal sealed class NearSearch
{
    private readonly List<WordSplitter.Word> _words = [];
    private readonly List<FuzzyKeyword> _hits = [];
    private readonly CleanWordCache _clean = new();

    /// <summary>Finds all.</summary>
    /// <param name="keywords">The keywords.</param>
    /// <param name="text">The text.</param>
    /// <param name="map">What ASCII is read as.</param>
    /// <param name="mayGoOn">Whether the last word may still grow.</param>
    /// <param name="found">Receives offset, length and rule.</param>
    /// <param name="steps">Increased by the comparisons.</param>
    /// <returns>Where a word that was not decided starts; the length of the text if there is none.</returns>
    public int Find(
        NearWords keywords,
        ReadOnlySpan<byte> text,
        byte[] map,
        bool mayGoOn,
        List<(int Start, int Length, int Rule)> found,
        ref long steps)
    {
        var last = mayGoOn ? LastRow(text) : text.Length;
        var starts = new WordStarts(text, WordBytes.NoSeparator, keywords.MinCodePoints, singles: false);
        for (var at = starts.Next(0); at < last; at = starts.Next(at))
        {
            steps++;
            var end = starts.EndOf(at);
            if (starts.IsAscii(at, end))
            {
                var (start, inner) = WordSplitter.Trim(text, at, end);
                Take(keywords, text, start, inner, inner - start, null, map, found, ref steps);
                at = end;
                continue;
            }

            for (; at > 0 && WordBytes.NoSeparator.Contains(text[at - 1]); at--)
            {
            }

            Split(keywords, text, at, end, map, found, ref steps);
            at = end;
        }

        return last == text.Length ? last : FindLast(keywords, text, last, map, found, ref steps);
    }

    private int FindLast(
        NearWords keywords,
        ReadOnlySpan<byte> text,
        int row,
        byte[] map,
        List<(int Start, int Length, int Rule)> found,
        ref long steps)
    {
        Split(keywords, text, row, text.Length, map, found, ref steps, mayGoOn: true);
        return _words.Count > 0 && _words[^1] is var open && open.OuterEnd == text.Length
            && text.Length - open.Start <= (keywords.MaxCodePoints + 1) * 4
            ? open.OuterStart
            : text.Length;
    }

    private void Split(
        NearWords keywords,
        ReadOnlySpan<byte> text,
        int from,
        int to,
        byte[] map,
        List<(int Start, int Length, int Rule)> found,
        ref long steps,
        bool mayGoOn = false)
    {
        _words.Clear();
        WordSplitter.Split(text, from, to, map, _words);
        foreach (var word in _words)
        {
            steps++;
            if (!mayGoOn || word.OuterEnd < to)
            {
                Take(keywords, text, word.Start, word.End, word.CodePoints, word.Mask, map, found, ref steps);
            }
        }
    }

    private void Take(
        NearWords keywords,
        ReadOnlySpan<byte> text,
        int start,
        int end,
        int codePoints,
        uint? mask,
        byte[] map,
        List<(int Start, int Length, int Rule)> found,
        ref long steps)
    {
        if (codePoints < keywords.MinCodePoints || codePoints > keywords.MaxCodePoints)
        {
            return;
        }

        var word = text[start..end];
        var hash = CleanWordCache.Hash(text, start, end);
        if (_clean.Contains(hash))
        {
            return;
        }

        _hits.Clear();
        keywords.Find(word, codePoints, mask ?? WordSplitter.MaskOf(word, map), map, _hits, ref steps);
        foreach (var hit in _hits)
        {
            found.Add((start, word.Length, hit.Rule));
        }

        if (_hits.Count == 0)
        {
            _clean.Add(hash);
        }
    }

    private static int LastRow(ReadOnlySpan<byte> text)
    {
        var at = text.Length;
        while (at > 0 && WordBytes.NoSeparator.Contains(text[at - 1]))
        {
            at--;
        }

        return at;
    }
}

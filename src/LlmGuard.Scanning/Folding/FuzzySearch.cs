using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Scanning.Folding;

/// <summary>Searches texts for keywords, one after the other, without allocating. For one thread at a time; keeps hashes of words, no text.</summary>
/// <remarks>
/// Most words of a text have been met before and resembled nothing: those cost one look into a cache, however many keywords there are. The others
/// are compared with the keywords of about their length that have about their letters. Words too short to begin a keyword are not even looked at.
/// </remarks>
internal sealed class FuzzySearch
{
    private readonly FuzzyWords _words;
    private readonly List<WordHit> _hits = [];
    private readonly PhraseTracker _phrases;
    private readonly CleanWordCache _clean = new();
    private readonly int[] _codePoints;
    private readonly int[] _row;
    private readonly Predicate<WordHit> _begins;

    public FuzzySearch(FuzzyWords words)
    {
        _words = words;
        _phrases = new PhraseTracker(words.Vocabulary, words.Limit);
        _codePoints = new int[words.LongestWord + 1];
        _row = new int[words.LongestWord + FuzzyWords.LongestKeyword + 2];
        _begins = hit => words.Vocabulary.PhrasesOf(hit.Word).Count > 0 || (words.Vocabulary.KeywordsOf(hit.Word).Count > 0 && words.IsNear(hit));
    }

    /// <summary>Adds all matches in a folded text to a list, in no particular order.</summary>
    /// <param name="folded">The folded text.</param>
    /// <param name="matches">Receives the matches.</param>
    /// <returns>How many elementary comparisons it took.</returns>
    public long Find(ReadOnlySpan<byte> folded, List<FuzzyMatch> matches)
    {
        foreach (var literal in _words.Literals)
        {
            literal.Find(folded, matches);
        }

        return _words.HasWords ? FindWords(folded, matches) : 0;
    }

    private long FindWords(ReadOnlySpan<byte> folded, List<FuzzyMatch> matches)
    {
        var steps = 0L;
        _phrases.Reset();
        var starts = new WordStarts(folded, WordBytes.Alphanumeric, _words.ShortestFirst, singles: true);
        for (var at = starts.Next(0); at < folded.Length; at = starts.Next(at))
        {
            steps++;
            var end = starts.EndOf(at);
            if (end - at > 1 && starts.IsAscii(at, end) && (!_words.MayBegin(end - at) || _clean.BeginsNothing(CleanWordCache.Hash(folded[at..end]))))
            {
                at = end;
                continue;
            }

            at = Walk(folded, at, matches, ref steps);
        }

        Array.Clear(_codePoints);
        return steps + _phrases.Steps;
    }

    // Word by word, as long as what was read can go on; then to the end of the row.
    private int Walk(ReadOnlySpan<byte> folded, int at, List<FuzzyMatch> matches, ref long steps)
    {
        while (folded[at] >= 0x80 && at > 0 && WordBytes.Alphanumeric.Contains(folded[at - 1]))
        {
            at--;
        }

        var spaced = _words.Spaced.Start();
        var words = new WordReader(folded, at);
        while (words.MoveNext())
        {
            Take(folded, words.Start, words.End, words.CodePoints, ref spaced, matches, ref steps);
            if (_phrases.IsIdle && !spaced.IsOpen && (words.End == folded.Length || !WordBytes.Alphanumeric.Contains(folded[words.End])))
            {
                return words.End;
            }
        }

        return folded.Length;
    }

    private void Take(ReadOnlySpan<byte> folded, int start, int end, int codePoints, ref SpacedLetters.Run spaced, List<FuzzyMatch> matches, ref long steps)
    {
        _hits.Clear();
        if (_words.IsReachable(codePoints))
        {
            var hash = CleanWordCache.Hash(folded[start..end]);
            if (_phrases.IsIdle ? !_clean.BeginsNothing(hash) : !_clean.Contains(hash))
            {
                Compare(folded[start..end], hash, ref steps);
            }
        }

        foreach (var hit in _hits)
        {
            if (_words.IsNear(hit))
            {
                foreach (var keyword in _words.Vocabulary.KeywordsOf(hit.Word))
                {
                    matches.Add(new FuzzyMatch(keyword, start, end - start, 1 - ((double)hit.Edits / hit.Length)));
                }
            }
        }

        _phrases.Take(start, end, _hits, matches);
        spaced.Take(folded, start, end, codePoints, matches);
    }

    private void Compare(ReadOnlySpan<byte> utf8, ulong hash, ref long steps)
    {
        var words = new WordReader(utf8);
        words.MoveNext();
        var word = _codePoints.AsSpan(0, words.CodePoints);
        words.CopyTo(word);
        _words.Find(word, words.Mask, _row, _hits, ref steps);
        if (_hits.Count == 0)
        {
            _clean.Add(hash);
        }
        else if (!_hits.Exists(_begins))
        {
            _clean.AddWithin(hash);
        }
    }
}

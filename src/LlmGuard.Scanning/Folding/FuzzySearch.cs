using System.Text;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Scanning.Folding;

/// <summary>Searches texts for keywords, one after the other, without allocating. For one thread at a time; keeps hashes of words, no text.</summary>
/// <remarks>
/// Most words of a text have been met before and resembled nothing: those cost one look into a cache, however many keywords there are. The others
/// are compared with the keywords of about their length that have about their letters.
/// </remarks>
internal sealed class FuzzySearch
{
    private readonly FuzzyWords _words;
    private readonly List<WordHit> _hits = [];
    private readonly PhraseTracker _phrases;
    private readonly CleanWordCache _clean = new();
    private readonly int[] _codePoints;
    private readonly int[] _row;

    public FuzzySearch(FuzzyWords words)
    {
        _words = words;
        _phrases = new PhraseTracker(words.Vocabulary, words.Limit);
        _codePoints = new int[words.LongestWord + 1];
        _row = new int[words.LongestWord + FuzzyWords.LongestKeyword + 2];
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
        var spaced = _words.Spaced.Start();
        if (Ascii.IsValid(folded))
        {
            var words = new AsciiWords(folded);
            while (words.MoveNext())
            {
                Take(folded, words.Start, words.End, words.End - words.Start, ref spaced, matches, ref steps);
            }
        }
        else
        {
            var words = new WordReader(folded);
            while (words.MoveNext())
            {
                Take(folded, words.Start, words.End, words.CodePoints, ref spaced, matches, ref steps);
            }
        }

        Array.Clear(_codePoints);
        return steps + _phrases.Steps;
    }

    private void Take(ReadOnlySpan<byte> folded, int start, int end, int codePoints, ref SpacedLetters.Run spaced, List<FuzzyMatch> matches, ref long steps)
    {
        _hits.Clear();
        if (_words.IsReachable(codePoints))
        {
            var hash = CleanWordCache.Hash(folded[start..end]);
            if (!_clean.Contains(hash))
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
    }
}

using System.Buffers;

namespace LlmGuard.Scanning.Folding;

/// <summary>Finds keywords and phrases in folded text, also when they are misspelt. Immutable and safe for concurrent use.</summary>
/// <remarks>
/// A keyword of one word matches a word of the text when their edits (Levenshtein, in code points) are at most a share of the longer one's length;
/// words of fewer than <see cref="ShortestSimilar"/> code points match exactly. A phrase matches as many consecutive words, whatever separates
/// them, when the edits of all together stay within the share of its length. Keywords also match written as one word, letter by letter, or
/// with digits for letters; then exactly. Time is linear in the text for given keywords.
/// </remarks>
internal sealed class FuzzyWords
{
    /// <summary>Longest keyword in code points.</summary>
    public const int LongestKeyword = 128;

    /// <summary>Words shorter than this match exactly.</summary>
    public const int ShortestSimilar = 4;

    /// <summary>The lowest threshold above zero: below it, anything resembles anything.</summary>
    public const double LowestThreshold = 0.1;

    private readonly double _tolerance;
    private readonly Func<int, int> _limit;
    private readonly List<LiteralKeyword> _literals = [];
    private readonly SpacedLetters _spaced = new();
    private readonly FuzzyVocabulary _vocabulary = new();
    private readonly FuzzyPattern[][] _byLength;
    private readonly bool[] _isReachable;

    /// <summary>Compiles keywords.</summary>
    /// <param name="keywords">The keywords as written in the policy; each at most <see cref="LongestKeyword"/> code points when folded.</param>
    /// <param name="threshold">The similarity from which a word matches, from <see cref="LowestThreshold"/> to 1, which is an equal spelling.</param>
    public FuzzyWords(IReadOnlyList<string> keywords, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, LowestThreshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, 1);
        _tolerance = 1 - threshold;
        _limit = Limit;
        for (var keyword = 0; keyword < keywords.Count; keyword++)
        {
            Add(keyword, keywords[keyword]);
        }

        _vocabulary.AllowSlack(_limit);
        _byLength = _vocabulary.ByLength();
        _isReachable = new bool[(int)(_byLength.Length / threshold) + 2];
        for (var length = 1; length < _isReachable.Length; length++)
        {
            _isReachable[length] = _byLength.Any(group => group.Length > 0 && InReach(group[0].CodePoints.Length, length));
        }
    }

    /// <summary>Whether a keyword can be searched: it has something to find and is not too long.</summary>
    public static bool IsSearchable(string keyword)
    {
        var folded = TextFolder.Fold(keyword).Trim();
        return folded.Length > 0 && folded.EnumerateRunes().Count() <= LongestKeyword;
    }

    /// <summary>Adds all matches in a folded text to a list, in no particular order.</summary>
    /// <param name="folded">The folded text.</param>
    /// <param name="matches">Receives the matches.</param>
    /// <returns>How many elementary comparisons it took.</returns>
    public long Find(ReadOnlySpan<byte> folded, List<FuzzyMatch> matches)
    {
        foreach (var literal in _literals)
        {
            literal.Find(folded, matches);
        }

        if (_byLength.Length == 0)
        {
            return 0;
        }

        var steps = 0L;
        var buffer = ArrayPool<int>.Shared.Rent(_isReachable.Length + _byLength.Length + 1);
        var codePoints = buffer.AsSpan(0, _isReachable.Length);
        var row = buffer.AsSpan(_isReachable.Length);
        var hits = new List<WordHit>();
        var phrases = new PhraseTracker(_vocabulary, _limit);
        var spaced = _spaced.Start();
        var words = new WordReader(folded);
        while (words.MoveNext())
        {
            hits.Clear();
            if (words.CodePoints < _isReachable.Length && _isReachable[words.CodePoints])
            {
                var word = codePoints[..words.CodePoints];
                words.CopyTo(word);
                Compare(word, words.Mask, row, hits, ref steps);
                if (LookalikeDigits.AnyMixed(words.Mask))
                {
                    CompareDigits(word, hits, ref steps);
                }
            }

            foreach (var hit in hits)
            {
                if (hit.Edits <= Limit(hit.Length))
                {
                    foreach (var keyword in _vocabulary.KeywordsOf(hit.Word))
                    {
                        matches.Add(new FuzzyMatch(keyword, words.Start, words.End - words.Start, 1 - ((double)hit.Edits / hit.Length)));
                    }
                }
            }

            phrases.Take(words.Start, words.End, hits, matches);
            spaced.Take(folded, words, matches);
        }

        ArrayPool<int>.Shared.Return(buffer, clearArray: true);
        return steps + phrases.Steps;
    }

    private void Add(int keyword, string text)
    {
        // Capital and small forms may resemble different Latin letters, so each way of writing the keyword is a spelling of its own.
        var spellings = Spellings(text);
        if (LiteralKeyword.TryCreate(keyword, spellings[0]) is { } literal)
        {
            _literals.Add(literal);
            return;
        }

        foreach (var spelling in spellings)
        {
            _spaced.Add(_vocabulary.Add(keyword, spelling), keyword);
        }
    }

    private static List<string> Spellings(string text)
    {
        var title = text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();
        return [.. new[] { text, text.ToUpperInvariant(), text.ToLowerInvariant(), title }.Select(t => TextFolder.Fold(t).Trim()).Distinct(StringComparer.Ordinal)];
    }

    private void Compare(ReadOnlySpan<int> word, uint mask, Span<int> row, List<WordHit> hits, ref long steps)
    {
        foreach (var group in _byLength)
        {
            if (group.Length == 0 || !InReach(group[0].CodePoints.Length, word.Length))
            {
                continue;
            }

            var length = Math.Max(group[0].CodePoints.Length, word.Length);
            foreach (var pattern in group)
            {
                steps++;
                var limit = Reach(pattern.CodePoints.Length, length, _vocabulary.HasSlack(pattern.Word));

                // One edit changes at most two characters of the set.
                if (System.Numerics.BitOperations.PopCount(mask ^ pattern.Mask) > 2 * limit)
                {
                    continue;
                }

                var edits = EditDistance.Compute(word, pattern.CodePoints, limit, row, ref steps);
                if (edits <= limit)
                {
                    WordHit.Add(hits, new WordHit(pattern.Word, edits, length));
                }
            }
        }
    }

    private void CompareDigits(ReadOnlySpan<int> word, List<WordHit> hits, ref long steps)
    {
        if (word.Length >= _byLength.Length)
        {
            return;
        }

        foreach (var pattern in _byLength[word.Length])
        {
            steps++;
            if (LookalikeDigits.Spell(word, pattern.CodePoints))
            {
                WordHit.Add(hits, new WordHit(pattern.Word, 0, word.Length));
            }
        }
    }

    // The small amount keeps a product such as 0.2 * 5 from falling below the whole number it stands for.
    private int Limit(int length) => (int)Math.Floor((_tolerance * length) + 1e-9);

    private int Reach(int patternLength, int longer, bool hasSlack) =>
        patternLength < ShortestSimilar ? 0 : Math.Max(Limit(longer), hasSlack ? 1 : 0);

    private bool InReach(int patternLength, int wordLength) =>
        Math.Abs(patternLength - wordLength) <= Reach(patternLength, Math.Max(patternLength, wordLength), hasSlack: true);
}

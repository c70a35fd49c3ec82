using System.Runtime.InteropServices;
using System.Text;

namespace LlmGuard.Scanning.Folding.Fuzzy;

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

    // For so few the edges are made at the first search, which takes no time: of a thousand routes with some words of their own most are not called
    // at once.
    private const int FewKeywords = 64;

    /// <summary>With this and the next byte letters begin, from U+0400 to U+047F, and nothing else.</summary>
    public const byte FirstOfCyrillic = 0xD0;

    private readonly double _tolerance;
    private readonly List<LiteralKeyword> _literals = [];
    private readonly FuzzyVocabulary _vocabulary = new();
    private readonly FuzzyGroup[] _groups;
    private readonly int[] _limits;
    private readonly bool[] _isReachable;
    private readonly bool[] _mayBegin;

    // By length of word, the most edits from a word that it may resemble; -1 where there is none.
    private readonly int[] _mostEdits;
    private WordEdges? _edges;

    /// <summary>Compiles keywords.</summary>
    /// <param name="keywords">The keywords as written in the policy; each at most <see cref="LongestKeyword"/> code points when folded.</param>
    /// <param name="threshold">The similarity from which a word matches, from <see cref="LowestThreshold"/> to 1, which is an equal spelling.</param>
    public FuzzyWords(IReadOnlyList<string> keywords, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, LowestThreshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, 1);
        _tolerance = 1 - threshold;
        for (var keyword = 0; keyword < keywords.Count; keyword++)
        {
            Add(keyword, keywords[keyword]);
        }

        _vocabulary.AllowSlack(Limit);
        _groups = _vocabulary.Groups();
        var longest = _groups.Select(g => g.Length).DefaultIfEmpty().Max();
        _limits = [.. Enumerable.Range(0, (int)(longest / threshold) + 2).Select(Limit)];
        (_isReachable, _mayBegin) = (new bool[_limits.Length], new bool[_limits.Length]);
        _mostEdits = [.. Enumerable.Repeat(-1, _limits.Length)];
        foreach (var group in _groups)
        {
            for (var length = 1; length < _limits.Length; length++)
            {
                var reach = Reach(group.Length, Math.Max(group.Length, length), group.HasSlack);
                _isReachable[length] |= InReach(group, length);
                _mayBegin[length] |= group.Begins && InReach(group, length);
                _mostEdits[length] = InReach(group, length) ? Math.Max(_mostEdits[length], reach) : _mostEdits[length];
            }
        }

        IsAscii = Array.TrueForAll(_groups, static g => g.IsAscii);

        ShortestFirst = Math.Max(1, Array.IndexOf(_mayBegin, true));
        _edges = keywords.Count > FewKeywords ? new WordEdges(Beginning) : null;
        LongestMatch = Math.Max(
            Math.Max(_vocabulary.LongestMatch(MostEdits), Spaced.LongestMatch), _literals.Select(l => l.Length).DefaultIfEmpty(0).Max());
    }

    /// <summary>Whether a keyword can be searched: it has something to find and is not too long.</summary>
    public static bool IsSearchable(string keyword)
    {
        var folded = TextFolder.Fold(keyword).Trim();
        return folded.Length > 0 && FuzzyPattern.CodePointsIn(folded) <= LongestKeyword;
    }

    /// <summary>The keywords that are searched as they stand.</summary>
    public ReadOnlySpan<LiteralKeyword> Literals => CollectionsMarshal.AsSpan(_literals);

    /// <summary>The keywords that are searched letter by letter.</summary>
    public SpacedLetters Spaced { get; } = new();

    /// <summary>The words of the keywords.</summary>
    public FuzzyVocabulary Vocabulary => _vocabulary;

    /// <summary>Whether there is any word to compare with.</summary>
    public bool HasWords => _groups.Length > 0;

    /// <summary>Code points of the longest word that can resemble one of the keywords.</summary>
    public int LongestWord => _limits.Length - 1;

    /// <summary>Most bytes of a folded text that a match takes.</summary>
    public int LongestMatch { get; }

    /// <summary>
    /// Adds all matches in a folded text to a list, in no particular order. Who searches many texts keeps a <see cref="FuzzySearch"/>.
    /// </summary>
    /// <param name="folded">The folded text.</param>
    /// <param name="matches">Receives the matches.</param>
    /// <returns>How many elementary comparisons it took.</returns>
    public long Find(ReadOnlySpan<byte> folded, List<FuzzyMatch> matches) => new FuzzySearch(this).Find(folded, matches);

    /// <summary>Whether a word of so many code points can resemble any of the keywords.</summary>
    public bool IsReachable(int codePoints) => codePoints < _isReachable.Length && _isReachable[codePoints];

    /// <summary>Whether the words of the keywords consist of letters and digits of ASCII.</summary>
    public bool IsAscii { get; }

    /// <summary>Counts the letters of a word of Cyrillic, in which letters and digits of ASCII may stand.</summary>
    /// <param name="row">Letters and digits of ASCII and characters outside it.</param>
    /// <param name="letters">Receives how many characters there are.</param>
    /// <param name="foreign">Receives how many of them are outside ASCII.</param>
    /// <returns>False where other characters are among them, which may be between words.</returns>
    public static bool TryCountLetters(ReadOnlySpan<byte> row, out int letters, out int foreign)
    {
        (letters, foreign) = (0, 0);
        foreach (var value in row)
        {
            if (value is FirstOfCyrillic or FirstOfCyrillic + 1)
            {
                foreign++;
            }
            else if (value >= 0xC0)
            {
                return false;
            }

            letters += AsciiByte.IsContinuation(value) ? 0 : 1;
        }

        return true;
    }

    /// <summary>
    /// Whether a word certainly resembles none of the keywords because it has more letters that none of these has than may be edited.
    /// </summary>
    /// <param name="letters">Its length in code points.</param>
    /// <param name="foreign">How many of them are outside ASCII.</param>
    public bool IsForeign(int letters, int foreign) => IsAscii && (letters >= _mostEdits.Length || foreign > Math.Max(0, _mostEdits[letters]));

    /// <summary>Code points of the shortest word with which a keyword may begin.</summary>
    public int ShortestFirst { get; }

    /// <summary>Whether a keyword may begin with a word of so many code points.</summary>
    public bool MayBegin(int codePoints) => codePoints < _mayBegin.Length && _mayBegin[codePoints];

    /// <summary>Tells by its first and last letters whether a keyword may begin with a word.</summary>
    public WordEdges Edges => _edges ?? LazyInitializer.EnsureInitialized(ref _edges, () => new WordEdges(Beginning));

    /// <summary>Adds the words of the keywords that a word resembles.</summary>
    /// <param name="word">Its code points.</param>
    /// <param name="mask">Which characters occur, see <see cref="WordReader.Bit"/>.</param>
    /// <param name="row">Scratch, longer than any word of the keywords and than <see cref="LongestWord"/>.</param>
    /// <param name="hits">Receives the hits.</param>
    /// <param name="steps">Increased by the comparisons.</param>
    public void Find(ReadOnlySpan<int> word, uint mask, Span<int> row, List<WordHit> hits, ref long steps)
    {
        Compare(word, mask, row, hits, ref steps);
        if (LookalikeDigits.AnyMixed(mask))
        {
            CompareDigits(word, hits, ref steps);
        }
    }

    /// <summary>Whether a hit is near enough for a keyword of that word alone.</summary>
    public bool IsNear(WordHit hit) => hit.Edits <= _limits[hit.Length];

    /// <summary>Most edits within so many code points.</summary>
    /// <remarks>The small amount keeps a product such as 0.2 * 5 from falling below the whole number it stands for.</remarks>
    public int Limit(int length) => (int)Math.Floor((_tolerance * length) + 1e-9);

    // The words with which keywords begin that a word of so many code points may resemble, and by how many edits.
    private (FuzzyPattern Pattern, int Reach)[] Beginning(int length)
    {
        if (!MayBegin(length))
        {
            return [];
        }

        var most = 0;
        foreach (var group in _groups)
        {
            most += InReach(group, length) ? group.Patterns.Length : 0;
        }

        var (found, count) = (new (FuzzyPattern, int)[most], 0);
        foreach (var group in _groups)
        {
            foreach (var pattern in InReach(group, length) ? group.Patterns : [])
            {
                if (_vocabulary.Begins(pattern.Word))
                {
                    found[count++] = (pattern, Reach(group.Length, Math.Max(group.Length, length), _vocabulary.HasSlack(pattern.Word)));
                }
            }
        }

        return count == most ? found : found[..count];
    }

    // The longer a word, the more edits; those that make it longer count too.
    private int MostEdits(int length)
    {
        var edits = length < ShortestSimilar ? 0 : 1;
        while (edits > 0 && edits + 1 <= Limit(length + edits + 1))
        {
            edits++;
        }

        return edits;
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
            Spaced.Add(_vocabulary.Add(keyword, spelling), keyword);
        }
    }

    private static List<string> Spellings(string text)
    {
        // Capitals of ASCII fold to their small letters and resemble no others.
        if (Ascii.IsValid(text))
        {
            return [TextFolder.Fold(text).Trim()];
        }

        var title = text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();
        return [.. new[] { text, text.ToUpperInvariant(), text.ToLowerInvariant(), title }
            .SelectMany(t => new[] { TextFolder.Fold(t).Trim(), TextFolder.Fold(t, isForeign: true).Trim() }).Distinct(StringComparer.Ordinal)];
    }

    private void Compare(ReadOnlySpan<int> word, uint mask, Span<int> row, List<WordHit> hits, ref long steps)
    {
        foreach (var group in _groups)
        {
            if (!InReach(group, word.Length))
            {
                continue;
            }

            var longer = Math.Max(group.Length, word.Length);
            var reach = Reach(group.Length, longer, group.HasSlack);
            var patterns = group.Patterns;
            steps += patterns.Length;

            // One edit changes at most two characters of the set.
            for (var i = group.NextLike(0, mask, 2 * reach); i < patterns.Length; i = group.NextLike(i + 1, mask, 2 * reach))
            {
                var pattern = patterns[i];
                var limit = Reach(group.Length, longer, _vocabulary.HasSlack(pattern.Word));
                var edits = EditDistance.Compute(word, pattern.CodePoints, limit, row, ref steps);
                if (edits <= limit)
                {
                    WordHit.Add(hits, new WordHit(pattern.Word, edits, longer));
                }
            }
        }
    }

    private void CompareDigits(ReadOnlySpan<int> word, List<WordHit> hits, ref long steps)
    {
        foreach (var group in _groups)
        {
            if (group.Length != word.Length)
            {
                continue;
            }

            foreach (var pattern in group.Patterns)
            {
                steps++;
                if (LookalikeDigits.Spell(word, pattern.CodePoints))
                {
                    WordHit.Add(hits, new WordHit(pattern.Word, 0, word.Length));
                }
            }
        }
    }

    private int Reach(int patternLength, int longer, bool hasSlack) =>
        patternLength < ShortestSimilar ? 0 : Math.Max(_limits[longer], hasSlack ? 1 : 0);

    private bool InReach(FuzzyGroup group, int wordLength) =>
        Math.Abs(group.Length - wordLength) <= Reach(group.Length, Math.Max(group.Length, wordLength), group.HasSlack);
}

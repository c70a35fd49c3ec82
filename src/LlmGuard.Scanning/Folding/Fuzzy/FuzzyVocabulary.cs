using System.Text;

namespace LlmGuard.Scanning.Folding.Fuzzy;

/// <summary>The distinct words of the keywords, and which keywords each is or begins.</summary>
internal sealed class FuzzyVocabulary
{
    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly List<Word> _entries = [];
    private readonly HashSet<(int Keyword, string Words)> _phrases = [];

    /// <summary>How many there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Adds one spelling of a keyword.</summary>
    /// <returns>Its letters without separators.</returns>
    public string Add(int keyword, string folded)
    {
        var words = Split(folded);
        var letters = string.Concat(words);
        if (words.Count == 0 || !_phrases.Add((keyword, string.Join(' ', words))))
        {
            return letters;
        }

        AddSingle(keyword, letters);
        if (words.Count > 1)
        {
            int[] numbers = [.. words.Select(NumberOf)];
            _entries[numbers[0]].Phrases.Add(new FuzzyPhrase(keyword, numbers, FuzzyPattern.CodePointsIn(letters)));
        }

        return letters;
    }

    /// <summary>Lets words of phrases differ by one edit where the phrase as a whole may.</summary>
    public void AllowSlack(Func<int, int> limit)
    {
        foreach (var phrase in _entries.SelectMany(e => e.Phrases).Where(p => limit(p.CodePoints) > 0))
        {
            foreach (var word in phrase.Words)
            {
                _entries[word].HasSlack = true;
            }
        }
    }

    /// <summary>Most bytes that a match takes: of a word alone, or of the words of a phrase with what stands between them.</summary>
    /// <param name="mostEdits">By the length of a word, by how many code points one like it can be longer or differ.</param>
    public int LongestMatch(Func<int, int> mostEdits)
    {
        var lengths = new int[_entries.Count];
        foreach (var (word, number) in _words)
        {
            lengths[number] = Encoding.UTF8.GetByteCount(word) + (4 * mostEdits(FuzzyPattern.CodePointsIn(word)));
        }

        return lengths.Concat(_entries.SelectMany(e => e.Phrases).Select(p =>
            p.Words.Sum(w => lengths[w]) + ((p.Words.Length - 1) * PhraseTracker.MaxGap)))
            .DefaultIfEmpty(0).Max();
    }

    /// <summary>The patterns of all words, those of one length together, shorter ones first.</summary>
    public FuzzyGroup[] Groups() =>
    [
        .. _words.Select(w => FuzzyPattern.Create(w.Value, w.Key)).GroupBy(p => p.CodePoints.Length).OrderBy(g => g.Key)
            .Select(g => new FuzzyGroup(g.Key, [.. g], HasSlack, Begins)),
    ];

    /// <summary>The keywords that are this word alone.</summary>
    public List<int> KeywordsOf(int word) => _entries[word].Keywords;

    /// <summary>The phrases that begin with this word.</summary>
    public List<FuzzyPhrase> PhrasesOf(int word) => _entries[word].Phrases;

    /// <summary>Whether the word is a keyword or begins one.</summary>
    public bool Begins(int word) => _entries[word].Keywords.Count + _entries[word].Phrases.Count > 0;

    /// <summary>Whether the word may differ by one edit within a phrase.</summary>
    public bool HasSlack(int word) => _entries[word].HasSlack;

    private static List<string> Split(string folded)
    {
        var utf8 = Encoding.UTF8.GetBytes(folded);
        var words = new List<string>();
        var reader = new WordReader(utf8);
        while (reader.MoveNext())
        {
            words.Add(reader.End - reader.Start == utf8.Length ? folded : Encoding.UTF8.GetString(utf8, reader.Start, reader.End - reader.Start));
        }

        return words;
    }

    private void AddSingle(int keyword, string letters)
    {
        var keywords = _entries[NumberOf(letters)].Keywords;
        if (!keywords.Contains(keyword))
        {
            keywords.Add(keyword);
        }
    }

    private int NumberOf(string word)
    {
        if (!_words.TryGetValue(word, out var number))
        {
            number = _entries.Count;
            _words.Add(word, number);
            _entries.Add(new Word());
        }

        return number;
    }

    private sealed class Word
    {
        public List<int> Keywords { get; } = [];

        public List<FuzzyPhrase> Phrases { get; } = [];

        public bool HasSlack { get; set; }
    }
}

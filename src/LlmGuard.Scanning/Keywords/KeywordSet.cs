using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Keywords;

/// <summary>The keywords of a plan that are looked for in one form of the text. Immutable.</summary>
internal sealed class KeywordSet
{
    /// <summary>Most code points of a keyword.</summary>
    public const int MaxCodePoints = 128;

    /// <summary>Bytes of left context: a row of invisible characters that is just not too long.</summary>
    public const int Left = (TextFolder.MaxIgnorables + 2) * 4;

    // A word of three letters is met too often in digits, or letter by letter.
    private const int ShortestDisguised = 4;

    private KeywordSet(KeywordView view, IEnumerable<(KeywordRule Rule, int Number)> rules)
    {
        View = view;
        var keywords = rules.Select(r => (r.Rule, r.Number, Folded: Fold(r.Rule.Text, view))).Where(k => k.Folded.Length > 0).ToArray();
        var spellings = keywords.SelectMany(k => Spellings(k.Rule.Text, view).Select(s => (Bytes: Encoding.UTF8.GetBytes(s), k.Number))).ToArray();
        Trie = new KeywordTrie(spellings, view == KeywordView.Exact ? LeetLetters.Exact : LeetLetters.AnyCase);
        if (view == KeywordView.Folded)
        {
            Leet = Disguised(spellings.Select(s => (Bytes: s.Bytes.Select(b => LeetLetters.AsLetters[b]).ToArray(), s.Number)));
            Spaced = Disguised(spellings.Select(s =>
                (Bytes: s.Bytes.Where(b => b != ' ').Select(b => LeetLetters.AsLetters[b]).ToArray(), s.Number)));
        }

        FuzzyKeyword[] fuzzy = [.. keywords.Where(k => k.Rule.MaxEdits > 0).Select(k => new FuzzyKeyword(k.Folded, k.Rule.MaxEdits, k.Number))];
        Near = new NearWords(fuzzy.Where(f => f.Words == 1).Concat(keywords.SelectMany(WrittenAsOne)));
        Phrases = [.. fuzzy.Where(f => f.Words > 1)];
        var codePoints = Math.Max(Trie.Longest, fuzzy.Select(f => f.MaxCodePoints).DefaultIfEmpty(0).Max()) + 1;
        MaxLetters = codePoints * 4;
        MaxLength = MaxLetters * (view == KeywordView.Folded ? TextFolder.MaxIgnorables + 1 : 1);
    }

    public KeywordView View { get; }

    public KeywordTrie Trie { get; }

    /// <summary>The keywords with every digit or sign that stands for a letter replaced by it, or null.</summary>
    public KeywordTrie? Leet { get; }

    /// <summary>Those without spaces, or null.</summary>
    public KeywordTrie? Spaced { get; }

    /// <summary>The fuzzy keywords of one word.</summary>
    public NearWords Near { get; }

    /// <summary>The fuzzy keywords of several words.</summary>
    public FuzzyKeyword[] Phrases { get; }

    /// <summary>Most bytes that a match takes where nothing stands between its letters.</summary>
    public int MaxLetters { get; }

    /// <summary>Most bytes of the original that a match and what decides about it take.</summary>
    public int MaxLength { get; }

    /// <summary>Groups keywords by the form in which they are looked for.</summary>
    public static KeywordSet[] Build(IReadOnlyList<(KeywordRule Rule, int Number)> rules) =>
        [.. rules.GroupBy(r => r.Rule.View).OrderBy(g => g.Key).Select(g => new KeywordSet(g.Key, g))];

    /// <summary>A keyword in a form of the text.</summary>
    public static string Fold(string keyword, KeywordView view)
    {
        if (view == KeywordView.Exact)
        {
            return keyword;
        }

        using var folded = FoldedText.Rent();
        Fold(Encoding.UTF8.GetBytes(keyword), view, folded);
        return Encoding.UTF8.GetString(folded.Utf8);
    }

    // A phrase whose spaces are left out is one word; each space was an edit.
    private static IEnumerable<FuzzyKeyword> WrittenAsOne((KeywordRule Rule, int Number, string Folded) keyword)
    {
        var joined = keyword.Folded.Replace(" ", "", StringComparison.Ordinal);
        var edits = keyword.Rule.MaxEdits - (keyword.Folded.Length - joined.Length);
        return edits >= 0 && joined.Length < keyword.Folded.Length && new FuzzyKeyword(joined, edits, keyword.Number) is { Words: 1 } word
            ? [word]
            : [];
    }

    private static KeywordTrie? Disguised(IEnumerable<(byte[] Bytes, int Number)> spellings)
    {
        var enough =
            spellings.Where(s => s.Bytes.Length >= ShortestDisguised && s.Bytes.Count(b => AsciiByte.IsLetter(b)) >= ShortestDisguised).ToArray();
        return enough.Length == 0 ? null : new KeywordTrie(enough, LeetLetters.AsLetters);
    }

    // Capital and small forms may resemble different Latin letters, so each way of writing a keyword is a spelling of its own.
    private static IEnumerable<string> Spellings(string text, KeywordView view) => view == KeywordView.Folded
        ? new[] { text, text.ToUpperInvariant(), text.ToLowerInvariant() }.Select(t => Fold(t, view)).Distinct(StringComparer.Ordinal)
        : [Fold(text, view)];

    /// <summary>Folds a text to a form other than the exact one.</summary>
    public static void Fold(ReadOnlySpan<byte> utf8, KeywordView view, FoldedText result)
    {
        if (view == KeywordView.Folded)
        {
            TextFolder.Fold(utf8, result);
        }
        else
        {
            CaseFolder.Fold(utf8, result);
        }
    }
}

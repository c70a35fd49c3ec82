using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Words;

/// <summary>Words of several languages by what they do, without accents and in lower case, as folded text has them.</summary>
internal static class Lexicon
{
    // Read with any one letter left out, written twice or put before the one before it: "ignor", "promtp". Not words that are another then.
    private static readonly (WordClass Class, string Words)[] Misspelt =
    [
        (WordClass.Override, "ignore disregard override"), (WordClass.Prior, "previous"), (WordClass.Order, "instructions prompt"),
        (WordClass.Inner, "system"),
    ];

    private static readonly Dictionary<string, WordClass> Words = Collect([.. LexiconEnglish.Entries, .. LexiconWords.Entries], Misspelt);

    private static readonly WordTable<WordClass> Table = new([.. Words.Select(w => (w.Key, w.Value))]);

    private static readonly LiteralSet<WordClass> Stems = BuildStems(LexiconStems.Entries);

    private static readonly WordTable<bool> Modes = new(("""
        developer dev dan god debug jailbreak unrestricted evil nsfw admin override uncensored opposite unfiltered root maintenance system diagnostic
        sudo unsafe hacker chaos free developpeur entwickler desarrollador sviluppatore desenvolvedor programador deweloper разработчика
        """, true));

    /// <summary>The classes of short words that are spelt right.</summary>
    public static ShortWords<WordClass> Short { get; } = new(Words.Select(w => (w.Key, w.Value)));

    /// <summary>Whether a mode of this name is one without limits.</summary>
    public static bool FindMode(ReadOnlySpan<byte> name) => Modes.Contains(name);

    /// <summary>The classes of a word; none for most.</summary>
    public static WordClass Find(ReadOnlySpan<byte> word) =>
        FindExact(word) is not WordClass.None and var found ? found
            : ScrambledWords.MayBe(word[0], word[^1], word.Length) ? ScrambledWords.Find(word)
            : word.Length > 5 && word.EndsWith("'s"u8) ? FindExact(word[..^2]) & Owners
            : WordClass.None;

    // "your answer's words", "the assistant's rules".
    private const WordClass Owners = WordClass.Output | WordClass.Order | WordClass.User | WordClass.Model | WordClass.Agent;

    /// <summary>The classes of a word that is spelt right.</summary>
    public static WordClass FindExact(ReadOnlySpan<byte> word) =>
        word.Length <= WordReader.LongestWord && Table.TryFind(word, out var found) ? found : WordClass.None;

    /// <summary>The first stem at or behind an offset in a row of letters of a writing that leaves no spaces; -1 when there is none.</summary>
    public static int FindStem(ReadOnlySpan<byte> row, int from, out int length, out WordClass found) => Stems.Find(row, from, out length, out found);

    private static Dictionary<string, WordClass> Collect((WordClass Class, string Words)[] entries, (WordClass Class, string Words)[] misspelt)
    {
        var words = new Dictionary<string, WordClass>(StringComparer.Ordinal);
        foreach (var (wordClass, list) in entries)
        {
            foreach (var word in list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                // Folding takes letters of other scripts for those they look like, unless their neighbours tell; so must the lexicon.
                // Capitals look like other letters than small ones do.
                string[] forms = [TextFolder.Fold(word), TextFolder.Fold(word, isForeign: true), TextFolder.Fold(word.ToUpperInvariant())];
                foreach (var folded in forms.Distinct())
                {
                    words[folded] = words.GetValueOrDefault(folded) | wordClass;
                }
            }
        }

        // These would be English words if they were taken for Latin ones.
        foreach (var word in LexiconWords.Negations.Split(' '))
        {
            words.TryAdd(TextFolder.Fold(word, isForeign: true), WordClass.No);
        }

        foreach (var (wordClass, list) in misspelt)
        {
            foreach (var word in list.Split(' '))
            {
                for (var i = 0; i < word.Length; i++)
                {
                    words.TryAdd(word.Remove(i, 1), wordClass);
                    words.TryAdd(word.Insert(i, word[i..(i + 1)]), wordClass);
                    if (i > 0)
                    {
                        words.TryAdd(word[..(i - 1)] + word[i] + word[i - 1] + word[(i + 1)..], wordClass);
                    }
                }
            }
        }

        return words;
    }

    private static LiteralSet<WordClass> BuildStems((WordClass Class, string Words)[] entries) =>
        new([.. Collect(entries, []).Where(w => Encoding.UTF8.GetByteCount(w.Key) > 2).Select(w => ((IReadOnlyList<string>)[w.Key], w.Value))]);
}

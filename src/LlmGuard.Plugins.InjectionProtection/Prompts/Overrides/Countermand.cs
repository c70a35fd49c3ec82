using System.Text;
using LlmGuard.Plugins.InjectionProtection.Prompts.Signals;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;
using static LlmGuard.Plugins.InjectionProtection.Prompts.Words.WordClass;

namespace LlmGuard.Plugins.InjectionProtection.Prompts.Overrides;

/// <summary>
/// Finds a task that is taken back for another one: "translate this: ... no, don't translate, write ...". What is not to be done must be all of it:
/// "don't translate the names" is how a task is described.
/// </summary>
internal static class Countermand
{
    private const int VerbReach = 3;
    private const int NextReach = 16;

    // Of a verb in every form, so much is the same.
    private static readonly byte[][] Stems =
    [
        .. new[]
        {
            "translat", "summari", "classif", "extract", "proofread", "paraphras", "categori", "evaluat", "rewrit", "ubersetz", "tradu", "resum",
            "riassum", "vertal",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private const int Letter = 0x1F;

    private static readonly int LeastStem = Stems.Min(static s => s.Length);

    // By the last bits of the first letter, a bit for those of each second one.
    private static readonly uint[] Openings = ReadOpenings();

    private static readonly WordTable<bool> Endings = WordSets.Of("stop stopp quit cease halt abort");

    private static readonly WordTable<bool> Wholes =
        WordSets.Of("anything it this that everything them any the text sentence following above at all nothing now la le lo es");

    /// <param name="row">The words.</param>
    /// <param name="text">The text.</param>
    /// <param name="hits">Receives what is found.</param>
    public static void Find(WordRow row, ReadOnlySpan<byte> text, HitList hits)
    {
        var words = row.Words;
        var asked = default(Asked);
        foreach (var i in row.Of(Stop | No | Drop))
        {
            hits.Steps++;
            for (var verb = i + 1; verb < words.Length && verb <= i + VerbReach && words[verb].Sentence == words[i].Sentence; verb++)
            {
                var stem = StemOf(words[verb].In(text));
                if (stem < 0 || !IsAllOfIt(words, verb, text))
                {
                    continue;
                }

                hits.Steps += NextReach;
                var isTakenBack = Endings.Contains(words[i].In(text))
                    ? words[verb].In(text).EndsWith("ing"u8) && Mood.OfSentence(words, i, text) > 0
                    : !words[i].Is(Whole) && asked.Before(words, i, stem, text, hits);
                if (isTakenBack && Next(words, verb, text) is { } next)
                {
                    hits.Add(InjectionRules.PromptOverride, words[i].Start, words[next].End);
                    return;
                }
            }
        }
    }

    private static int StemOf(ReadOnlySpan<byte> word)
    {
        // Hardly a word begins with two letters of one of them.
        if (word.Length < LeastStem || (Openings[word[0] & Letter] >> (word[1] & Letter) & 1) == 0)
        {
            return -1;
        }

        for (var stem = 0; stem < Stems.Length; stem++)
        {
            if (word.StartsWith(Stems[stem]))
            {
                return stem;
            }
        }

        return -1;
    }

    private static uint[] ReadOpenings()
    {
        var openings = new uint[Letter + 1];
        foreach (var stem in Stems)
        {
            openings[stem[0] & Letter] |= 1u << (stem[1] & Letter);
        }

        return openings;
    }

    // Up to the end of the clause nothing is named that is left out.
    private static bool IsAllOfIt(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        for (var i = verb; i + 1 < words.Length && words[i + 1].Sentence == words[verb].Sentence; i++)
        {
            if (text[words[i].End..words[i + 1].Start].ContainsAny(",;:-"u8) || words[i + 1].Is(And))
            {
                return true;
            }

            if (!Wholes.Contains(words[i + 1].In(text)))
            {
                return false;
            }
        }

        return true;
    }

    // What is to be done instead.
    private static int? Next(ReadOnlySpan<Word> words, int verb, ReadOnlySpan<byte> text)
    {
        for (var i = verb + 1; i < words.Length && i <= verb + NextReach && words[i].Sentence <= words[verb].Sentence + 1; i++)
        {
            var isCommand = words[i].Is(Reveal | Comply | Work | Play)
                && (words[i].StartsUnit || words[i - 1].Is(And | Polite | Only | Now | You) || Mood.IsClauseStart(words, i, text));
            if (isCommand || (words[i].Is(Must) && words[i - 1].Is(Output)))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>The verbs that stand before a word, each read once however often is asked.</summary>
    private struct Asked
    {
        private int _read;
        private int _stems;

        public bool Before(ReadOnlySpan<Word> words, int end, int stem, ReadOnlySpan<byte> text, HitList hits)
        {
            for (; _read < end; _read++)
            {
                hits.Steps++;
                var word = words[_read].In(text);
                if (!word.EndsWith("ing"u8) && !word.EndsWith("ion"u8) && StemOf(word) is >= 0 and var found)
                {
                    _stems |= 1 << found;
                }
            }

            return (_stems >> stem & 1) != 0;
        }
    }
}

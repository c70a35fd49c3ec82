using System.Text;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>What is passed over in blocks of bytes is what a reader of every word finds nothing in.</summary>
[NonParallelizable]
public sealed class FuzzySearchTests
{
    private static readonly SimdLevel[] Levels = [SimdLevel.Scalar, SimdLevel.Bits128, SimdLevel.Bits256, SimdLevel.Bits512];

    private static readonly string[] Pieces =
    [
        "weapon", "wepon", "of", "mass", "destruction", "destrction", "bomb", "b0mb", "b", "o", "m", "c", "gun", "a", "б", "о", "—", "☃", "信", "naïve", "wea☃pon", "weapons of mass destruction",
        "an entirely harmless text goes here", "слово", "wеaрon", "wеаpоn", "wеapon", "оbоm", "b0мb", "猫", "天気がよければみんなで海へ行くつもりです", "xя", "яb", "гb",
        "antidisestablishmentarianism-and-so-on-and-so-on-far-beyond-one-block", new string('x', 70), new string('y', 130), "1", "2", "7",
    ];

    private static readonly string[] Gaps = [" ", " ", " ", ".", "  ", "    ", "     ", "\n", "-", "", "—"];

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [TestCase("weapon", "bomb")]
    [TestCase("weapons of mass destruction", "gun")]
    [TestCase("a gun", "бом", "m c a")]
    [TestCase("destruction")]
    [TestCase("o", "destruction of weapons")]
    public void Find_AnyText_FindsWhatReadingEveryWordFinds(params string[] keywords)
    {
        var random = new Random(keywords.Length + 20265);
        var words = new FuzzyWords(keywords, 0.8);
        var warm = new FuzzySearch(words);
        for (var i = 0; i < 400; i++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Pieces[random.Next(Pieces.Length)] + Gaps[random.Next(Gaps.Length)])));
            var expected = EveryWord(words, text);
            foreach (var level in Levels)
            {
                Simd.Level = level;
                var found = new List<FuzzyMatch>();
                warm.Find(text, found);
                Assert.That(found, Is.EquivalentTo(expected), () => $"{level}: {Encoding.UTF8.GetString(text)}");
            }
        }
    }

    // The definition, word by word and without memory.
    private static List<FuzzyMatch> EveryWord(FuzzyWords words, byte[] text)
    {
        var (matches, hits, steps) = (new List<FuzzyMatch>(), new List<WordHit>(), 0L);
        foreach (var literal in words.Literals)
        {
            var next = 0;
            literal.Find(text, 0, isEnd: true, ref next, matches);
        }

        var phrases = new PhraseTracker(words.Vocabulary, words.Limit);
        var spaced = words.Spaced.Start();
        var reader = new WordReader(text);
        while (reader.MoveNext())
        {
            hits.Clear();
            if (words.IsReachable(reader.CodePoints))
            {
                var word = new int[reader.CodePoints];
                reader.CopyTo(word);
                words.Find(word, reader.Mask, new int[500], hits, ref steps);
            }

            var (start, length) = (reader.Start, reader.End - reader.Start);
            foreach (var hit in hits.Where(words.IsNear))
            {
                matches.AddRange(words.Vocabulary.KeywordsOf(hit.Word).Select(k => new FuzzyMatch(k, start, length, 1 - ((double)hit.Edits / hit.Length))));
            }

            phrases.Take(reader.Start, reader.End, hits, matches);
            spaced.Take(text.AsSpan(reader.Start..reader.End), reader.Start, reader.CodePoints, matches);
        }

        return matches;
    }
}

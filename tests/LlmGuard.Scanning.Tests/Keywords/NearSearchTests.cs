using System.Text;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Keywords;

/// <summary>What is passed over in blocks of bytes is what comparing every word finds nothing in.</summary>
[NonParallelizable]
public sealed class NearSearchTests
{
    private static readonly string[] Pieces =
    [
        "weapon", "WEAPON", "wepon", "(weapons)", "weapon-", "--weapon!", "«weapon»", "weapon—", "—wepon", "bomb", "b", "信", "naïve", "ärgre",
            "Ärger", "a-rather-long-row-of-word-bytes-that-goes-on-behind-the-first-block-of-64",
        "some", "harmless", "words", "project", "projekt.", "...", "_", new string('w', 70),
    ];

    private static readonly string[] Gaps = [" ", " ", "\n", ", ", "/", "", "\u3000"];

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits256;

    [TestCase(1, "weapon")]
    [TestCase(2, "weapon", "project")]
    [TestCase(1, "bomb", "ärger", "weapons")]
    [TestCase(1, "ab", "信信")]
    public void Find_AnyText_FindsWhatComparingEveryWordFinds(int maxEdits, params string[] keywords)
    {
        var random = new Random(keywords.Length);
        FuzzyKeyword[] all = [.. keywords.Select((k, i) => new FuzzyKeyword(k, maxEdits, i))];
        var (near, search) = (new NearWords(all), new NearSearch());
        for (var i = 0; i < 400; i++)
        {
            var text =
                Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Pieces[random.Next(Pieces.Length)]
                + Gaps[random.Next(Gaps.Length)])));
            var expected = EveryWord(all, text);
            foreach (var level in (SimdLevel[])[SimdLevel.Scalar, SimdLevel.Bits128, SimdLevel.Bits256])
            {
                Simd.Level = level;
                var (found, steps) = (new List<(int, int, int)>(), 0L);
                Assert.That(search.Find(near, text, LeetLetters.AnyCase, mayGoOn: false, found, ref steps), Is.EqualTo(text.Length));
                Assert.That(found, Is.EquivalentTo(expected), () => $"{level}: {Encoding.UTF8.GetString(text)}");
            }
        }
    }

    [TestCase("a weapon and a weap", "weap")]
    [TestCase("a weapon and (", "")]
    [TestCase("a weapon", "weapon")]
    [TestCase("a weapon--", "weapon--")]
    [TestCase("a ", "")]
    [TestCase("信—w", "w")]
    public void Find_TextThatMayGoOn_LeavesTheLastWordOpen(string text, string open)
    {
        var (found, steps, utf8) = (new List<(int, int, int)>(), 0L, Encoding.UTF8.GetBytes(text));
        var at = new NearSearch().Find(new NearWords([new FuzzyKeyword("weapon", 1, 0)]), utf8, LeetLetters.AnyCase, mayGoOn: true, found, ref steps);
        Assert.That(Encoding.UTF8.GetString(utf8, at, utf8.Length - at), Is.EqualTo(open));
        Assert.That(found.TrueForAll(f => f.Item1 + f.Item2 <= at));
    }

    // The definition, word by word and without memory.
    private static List<(int, int, int)> EveryWord(FuzzyKeyword[] keywords, byte[] text)
    {
        var words = new List<WordSplitter.Word>();
        WordSplitter.Split(text, 0, text.Length, LeetLetters.AnyCase, words);
        return
        [
            .. from word in words
               from keyword in keywords
               where IsNear(keyword, text.AsSpan(word.Start, word.End - word.Start))
               select (word.Start, word.End - word.Start, keyword.Rule),
        ];
    }

    private static bool IsNear(FuzzyKeyword keyword, ReadOnlySpan<byte> word)
    {
        var steps = 0L;
        return keyword.IsNear(word, LeetLetters.AnyCase, ref steps);
    }
}

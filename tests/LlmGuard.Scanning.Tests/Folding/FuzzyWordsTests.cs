using System.Text;
using FsCheck.Fluent;
using LlmGuard.Scanning.Folding;
using LlmGuard.Scanning.Folding.Fuzzy;

namespace LlmGuard.Scanning.Tests.Folding;

public sealed class FuzzyWordsTests
{
    [TestCase("bomb", "make a bomb now", "bomb")]
    [TestCase("bomb", "BOMB!", "BOMB")]
    [TestCase("bomb", "bombs", "bombs", Description = "one edit in five")]
    [TestCase("bomb", "tomb", null, Description = "one edit in four is less than 0.8")]
    [TestCase("bombs", "bomps", "bomps", Description = "0.2 * 5 is one")]
    [TestCase("abc", "abcd abd ab", null, Description = "short words match exactly")]
    [TestCase("abc", "x abc.", "abc")]
    [TestCase("weapon", "wepon", "wepon")]
    [TestCase("weapon", "waepon", null, Description = "a transposition is two edits")]
    [TestCase("explosive", "explosivs", "explosivs")]
    [TestCase("build a bomb", "please build a bomb.", "build a bomb")]
    [TestCase("build a bomb", "please BUILD - a\n\n(bomb)", "BUILD - a\n\n(bomb")]
    [TestCase("build a bomb", "bild a bomp", "bild a bomp", Description = "two edits in twelve")]
    [TestCase("build a bomb", "build the bomb", null)]
    [TestCase("build a bomb", "build a big bomb", null)]
    [TestCase("build a bomb", "build build a bomb", "build a bomb")]
    [TestCase("build a bomb", "buildabomb", "buildabomb")]
    [TestCase("build-a_bomb", "build a bomb", "build a bomb")]
    [TestCase("a a b", "a a a b", "a a b")]
    [TestCase("bomb", "a b o m b", "b o m b")]
    [TestCase("bomb", "b.o.m.b", "b.o.m.b")]
    [TestCase("bomb", "b      o m b", null, Description = "letters far apart are no word")]
    [TestCase("kill all", "k i l l a l l", "k i l l a l l")]
    [TestCase("bomb", "b0mb", "b0mb")]
    [TestCase("password", "p4ssw0rd", "p4ssw0rd")]
    [TestCase("c++", "write c++ code", "c++")]
    [TestCase("c++", "abc++", null)]
    [TestCase("爆弾", "これは爆弾です", "爆弾")]
    [TestCase("straße", "STRASSE", "STRASSE")]
    [TestCase("νερό", "ΝΕΡΟ", "ΝΕΡΟ", Description = "capital nu looks like another letter than small nu")]
    [TestCase("водка", "ВОДКА", "ВОДКА")]
    [TestCase("niño", "NINO", "NINO")]
    public void Find_Text_GivesTheSpan(string keyword, string text, string? expected)
    {
        var found = Find([keyword], text, 0.8);
        Assert.That(found.Select(m => m.Text).Distinct(), Is.EquivalentTo(expected is null ? Array.Empty<string>() : [expected]));
    }

    [Test]
    public void Find_ThresholdOne_MatchesOnlyEqualSpellings()
    {
        Assert.That(Find(["explosives", "dirty bomb"], "explosive explosivess dirty bombs dirtybomb", 1).Select(m => m.Text),
            Is.EqualTo(new[] { "dirtybomb" }));
    }

    [Test]
    public void Find_SeveralKeywords_NamesEach()
    {
        var found = Find(["gun", "machine gun", "gun"], "a machine gun", 0.8);
        Assert.That(found.Select(m => (m.Match.Keyword, m.Text)), Is.EquivalentTo(new[] { (0, "gun"), (1, "machine gun"), (2, "gun") }));
    }

    [Test]
    public void Find_Misspelling_TellsTheSimilarity()
    {
        Assert.That(Find(["explosives"], "explosivez", 0.8).Single().Match.Similarity, Is.EqualTo(0.9).Within(1e-9));
    }

    [Test]
    public void Find_GeneratedWords_AreThoseOfTheFullMatrix()
    {
        // Few letters, so that many words are close.
        var word = Gen.Choose('a', 'c').ArrayOf().Where(w => w.Length is > 0 and < 12).Select(w => new string([.. w.Select(c => (char)c)]));
        var cases =
            from keywords in word.NonEmptyListOf()
            from text in word.ListOf()
            from threshold in Gen.Elements(0.1, 0.5, 0.6, 0.75, 0.8, 0.9, 1.0)
            select (Keywords: keywords.Distinct().Take(6).ToArray(), Text: text.ToArray(), Threshold: threshold);
        Laws.AssertHolds(cases, given =>
        {
            // A semicolon run keeps single letters from being read together.
            var found =
                Find(given.Keywords, string.Join(" ;;;;; ", given.Text), given.Threshold).Select(m => (m.Match.Keyword, m.Text)).Distinct().Order();
            var expected =
                from text in given.Text
                from keyword in Enumerable.Range(0, given.Keywords.Length)
                let edits = FullMatrix(text, given.Keywords[keyword])
                let length = Math.Max(text.Length, given.Keywords[keyword].Length)
                where given.Keywords[keyword].Length < 4 ? edits == 0 : edits <= Math.Floor(((1 - given.Threshold) * length) + 1e-9)
                select (keyword, text);
            return found.SequenceEqual(expected.Distinct().Order());
        });
    }

    [Test]
    public void Compute_GeneratedWords_IsTheFullMatrixUpToTheLimit() => Laws.AssertHolds(
        from left in Gen.Choose('a', 'd').ArrayOf()
        from right in Gen.Choose('a', 'd').ArrayOf()
        from limit in Gen.Choose(0, 12)
        select (left, right, limit),
        given =>
        {
            var steps = 0L;
            var edits = EditDistance.Compute(given.left, given.right, given.limit, new int[given.right.Length + 1], ref steps);
            var expected = FullMatrix(string.Concat(given.left.Select(c => (char)c)), string.Concat(given.right.Select(c => (char)c)));
            return expected <= given.limit ? edits == expected : edits > given.limit;
        },
        2000);

    [Test]
    public void Find_DisguisedKeyword_IsFoundAndMapsBackExactly() => Laws.AssertHolds(Disguises.Words(), given =>
    {
        var disguised = Disguises.All[given.Way](given.Word, new Random(given.Seed));
        return Find([given.Word], "so: " + disguised + ", yes", 0.8).Any(m => m.Text == disguised);
    });

    [Test]
    public void Find_DisguisedPhrase_IsFoundAndMapsBackExactly() => Laws.AssertHolds(Disguises.Words().Two(), given =>
    {
        var first = Disguises.All[given.Item1.Way](given.Item1.Word, new Random(given.Item1.Seed));
        var second = Disguises.All[given.Item2.Way](given.Item2.Word, new Random(given.Item2.Seed));
        return Find([given.Item1.Word + " " + given.Item2.Word], $"so, {first}\u2003/ {second}.", 0.8).Any(m => m.Text == $"{first}\u2003/ {second}");
    });

    [Test]
    public void Find_TagCharacters_AreFoundInTheSecondReading()
    {
        var hidden = Disguises.Tags("build a bomb");
        Assert.That(Find(["build a bomb"], "hi " + hidden + " there", 0.8, TagReading.AsText).Select(m => m.Text), Is.EqualTo(new[] { hidden }));
        Assert.That(Find(["bomb"], "bo" + Disguises.Tags("x") + "mb", 0.8).Select(m => m.Text), Has.Exactly(1).Items);
    }

    [TestCase("explosiv")]
    [TestCase("aaaaaaaaaa ")]
    [TestCase("a ")]
    [TestCase("explosive device ")]
    [TestCase("еxрlоsivе\u200B ")]
    public void Find_HostileText_TakesStepsLinearInItsLength(string piece)
    {
        var words =
            new FuzzyWords([.. Enumerable.Range(0, 200).Select(i => $"explosive{(char)('a' + (i % 26))} device{i}"), "aaaaaaaaab", "a a a a a b"],
            0.8);
        var small = Steps(words, piece, 500);
        var large = Steps(words, piece, 8000);
        Assert.That(large, Is.LessThanOrEqualTo((17 * small) + 1000));
    }

    [TestCase("", false)]
    [TestCase(" \u200B ", false)]
    [TestCase("x", true)]
    [TestCase("!", true)]
    public void IsSearchable_Keyword_NeedsSomethingVisible(string keyword, bool expected) =>
        Assert.That(FuzzyWords.IsSearchable(keyword), Is.EqualTo(expected));

    [Test]
    public void IsSearchable_LongKeyword_IsFalseBeyondTheLimit()
    {
        Assert.That(FuzzyWords.IsSearchable(new string('x', FuzzyWords.LongestKeyword)), Is.True);
        Assert.That(FuzzyWords.IsSearchable(new string('x', FuzzyWords.LongestKeyword + 1)), Is.False);
    }

    private static long Steps(FuzzyWords words, string piece, int times)
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, times))), folded);
        return words.Find(folded.Utf8, []);
    }

    private static List<(FuzzyMatch Match, string Text)> Find(string[] keywords, string text, double threshold,
        TagReading tags = TagReading.AsNothing)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        using var folded = FoldedText.Rent();
        TextFolder.Fold(utf8, folded, tags);
        var matches = new List<FuzzyMatch>();
        new FuzzyWords(keywords, threshold).Find(folded.Utf8, matches);
        var found = new List<(FuzzyMatch, string)>();
        foreach (var match in matches)
        {
            var (start, length) = folded.ToOriginal(match.Start, match.Length);
            found.Add((match, Encoding.UTF8.GetString(utf8, start, length)));
        }

        return found;
    }

    private static int FullMatrix(string left, string right)
    {
        var cells = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                cells[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(cells[i - 1, j], cells[i, j - 1]) + 1, cells[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
            }
        }

        return cells[left.Length, right.Length];
    }
}

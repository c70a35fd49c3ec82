using System.Text;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Folding;

/// <summary>Fuzzy search against what it means by definition: dynamic programming of every word of a text against every keyword.</summary>
[NonParallelizable]
public sealed class FuzzyDifferentialTests
{
    private const string Letters = "abcde";

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Find_AnyWords_FindsWhatDynamicProgrammingFinds(
        [Values(3, 100, 3000)] int count, [Values(0.6, 0.75, 0.8, 0.9, 1.0)] double threshold, [Values(0, 1, 2, 3)] int level)
    {
        Simd.Level = (SimdLevel)level;
        var random = new Random(count + (int)(threshold * 100));
        string[] keywords = [.. Enumerable.Range(0, count).Select(_ => Word(random, Letters + "fghijklmnop")).Distinct(StringComparer.Ordinal)];
        var search = new FuzzySearch(new FuzzyWords(keywords, threshold));
        for (var round = 0; round < (count > 1000 ? 3 : 20); round++)
        {
            string[] words =
                [.. Enumerable.Range(0, 40).Select(_ => random.Next(3) == 0 ? Word(random, Letters + "fghijklmnop")
                : Misspelt(random, keywords[random.Next(keywords.Length)]))];
            var found = new List<FuzzyMatch>();
            search.Find(Encoding.ASCII.GetBytes(string.Join(' ', words)), found);
            Assert.That(found.Select(f => (f.Start, f.Keyword)).Order(), Is.EqualTo(Expected(words, keywords, threshold).Order()));
        }
    }

    // One letter alone is part of a word that is written letter by letter, which is no matter of edits.
    private static IEnumerable<(int Start, int Keyword)> Expected(string[] words, string[] keywords, double threshold)
    {
        var start = 0;
        foreach (var word in words)
        {
            for (var i = 0; i < keywords.Length; i++)
            {
                var longer = Math.Max(word.Length, keywords[i].Length);
                var most = keywords[i].Length < FuzzyWords.ShortestSimilar ? 0 : (int)Math.Floor(((1 - threshold) * longer) + 1e-9);
                if (Math.Abs(word.Length - keywords[i].Length) <= most && Distance(word, keywords[i]) <= most)
                {
                    yield return (start, i);
                }
            }

            start += word.Length + 1;
        }
    }

    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Math.Min(diagonal + (left[i - 1] == right[j - 1] ? 0 : 1), 1 + Math.Min(row[j], row[j - 1]));
                (diagonal, row[j]) = (row[j], cost);
            }
        }

        return row[^1];
    }

    private static string Word(Random random, string letters) =>
        string.Concat(Enumerable.Range(0, random.Next(2, 14)).Select(_ => letters[random.Next(letters.Length)]));

    private static string Misspelt(Random random, string word)
    {
        for (var edits = random.Next(4); edits > 0; edits--)
        {
            var at = random.Next(word.Length);
            word = random.Next(3) switch
            {
                0 when word.Length > 2 => word.Remove(at, 1),
                1 => word.Insert(at, Letters[random.Next(5)].ToString()),
                _ => word[..at] + Letters[random.Next(5)] + word[(at + 1)..],
            };
        }

        return word;
    }
}

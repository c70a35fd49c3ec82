using System.Text;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Scanning.Tests.Keywords;

/// <summary>Words that are passed over 64 bytes at a time have none of the edges that are looked for.</summary>
[NonParallelizable]
public sealed class EdgeFilterTests
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int MiddleFrom = 8;
    private const int LongFrom = 12;

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Next_AnyText_StopsAtEveryWordOfInterest([Values(0, 1, 2, 3)] int level, [Values(1, 2, 5)] int count)
    {
        Simd.Level = (SimdLevel)level;
        var random = new Random(7 + count);
        for (var round = 0; round < 300; round++)
        {
            string[][] parts =
                [.. Enumerable.Range(0, 3).Select(_ => (string[])[.. Enumerable.Range(0, random.Next(count + 1)).Select(_ => Word(random, 2, 3))])];
            var filter = EdgeFilter.TryCreate(Sets(parts[0]), Sets(parts[1]), Sets(parts[2]), MiddleFrom, LongFrom);
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => WordWith(random, parts) + (random.Next(4) == 0 ? ", " : " ")));
            var stops = Stops(Encoding.ASCII.GetBytes(text), filter);
            foreach (var (start, word) in Words(text).Where(w => IsOfInterest(w.Word, parts)))
            {
                Assert.That(stops, Does.Contain(start), () => $"{word} at {start} of {text}");
            }
        }
    }

    [Test]
    public void Next_WordsWithoutEdges_PassesOverNearlyAll([Values(1, 2, 3)] int level)
    {
        Simd.Level = (SimdLevel)level;
        var random = new Random(12);
        var filter = EdgeFilter.TryCreate(Sets(["zor", "mal"]), Sets(["vik"]), Sets(["rvi"]), MiddleFrom, LongFrom);
        var text = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 2000).Select(_ => Word(random, 3, 11))));
        Assert.That(Stops(text, null), Has.Count.EqualTo(2000));
        Assert.That(Stops(text, filter), Has.Count.LessThan(60));
    }

    [Test]
    public void TryCreate_TooManyEdges_TellsNothing()
    {
        var random = new Random(13);
        var many = Sets([.. Enumerable.Range(0, 1000).Select(_ => Word(random, 3, 3))]);
        Assert.That(EdgeFilter.TryCreate(many, [], [], MiddleFrom, LongFrom), Is.Null);
        Assert.That(EdgeFilter.TryCreate([.. many.Take(400)], [], [], MiddleFrom, LongFrom), Is.Null, "most words would pass");
        Assert.That(EdgeFilter.TryCreate([.. many.Take(5)], [], [], MiddleFrom, LongFrom), Is.Not.Null);
    }

    [Test]
    public void Find_HundredKeywordsInOrdinaryWords_LooksAtFewWords()
    {
        string[] starts = ["blue", "silver", "north", "harbour", "quartz"];
        string[] ends = ["bird", "stone", "gate", "field", "harvest"];
        var search = new FuzzySearch(new FuzzyWords([.. starts.SelectMany(s => ends.Select(e => s + " " + e))], 0.8));
        var words = "the meeting about our quarterly budget was moved to some other day because many people asked for it".Split(' ');
        var random = new Random(14);
        var text = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 5000).Select(_ => words[random.Next(words.Length)])));
        Assert.That(search.Find(text, []), Is.LessThan(1500), "steps for 5,000 words");
    }

    private static List<int> Stops(byte[] text, EdgeFilter? filter)
    {
        var stops = new List<int>();
        var starts = new WordStarts(text, WordBytes.Alphanumeric, 1, singles: false, filter);
        for (var at = starts.Next(0); at < text.Length; at = starts.Next(at + 1))
        {
            stops.Add(at);
        }

        return stops;
    }

    private static IEnumerable<(int Start, string Word)> Words(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            {
                at++;
            }

            if (at > start)
            {
                yield return (start, text[start..at]);
            }
        }
    }

    private static bool IsOfInterest(string word, string[][] parts) =>
        word.Length >= LongFrom
        || parts[0].Any(p => word.StartsWith(p, StringComparison.Ordinal))
        || parts[1].Any(p => word.EndsWith(p, StringComparison.Ordinal))
        || (word.Length >= MiddleFrom && parts[2].Any(p => word.Contains(p, StringComparison.Ordinal)));

    private static byte[][][] Sets(string[] parts) => [.. parts.Select(p => p.Select(c => (byte[])[(byte)c]).ToArray())];

    private static string WordWith(Random random, string[][] parts)
    {
        var word = Word(random, 1, 20);
        var kind = random.Next(6);
        if (kind > 2 || parts[kind].Length == 0)
        {
            return word;
        }

        var part = parts[kind][random.Next(parts[kind].Length)];
        return kind switch { 0 => part + word, 1 => word + part, _ => word[..(word.Length / 2)] + part + word[(word.Length / 2)..] };
    }

    private static string Word(Random random, int least, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => Letters[random.Next(Letters.Length)]));
}

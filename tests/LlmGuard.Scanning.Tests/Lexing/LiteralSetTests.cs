using System.Text;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Scanning.Tests.Lexing;

/// <summary>Tables of words and literals against the plain way to look things up.</summary>
public sealed class LiteralSetTests
{
    private const int Sets = 60;
    private const string Letters = "abc/(";

    [Test]
    public void Find_GeneratedLiterals_AreThoseOfThePlainWay([Values(3, 40, 100, 300)] int count)
    {
        for (var seed = 0; seed < Sets; seed++)
        {
            var random = new Random((count * 1000) + seed);
            string[] literals = [.. Enumerable.Range(0, count).Select(_ => Text(random, random.Next(2, 7))).Distinct()];
            var set = new LiteralSet<bool>((literals, true));
            var text = Text(random, random.Next(0, 200));
            Assert.That(All(set, text), Is.EqualTo(Plain(literals, text)), text);
        }
    }

    [Test]
    public void TryFind_GeneratedWords_IsThatOfADictionary()
    {
        for (var seed = 0; seed < Sets; seed++)
        {
            var random = new Random(seed);
            string[] words = [.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => Text(random, random.Next(1, 30))).Distinct()];
            var table = new WordTable<int>([.. words.Select((w, number) => (w, number))]);
            Assert.That(words.Select(w => table.TryFind(Encoding.ASCII.GetBytes(w), out var number) ? number : -1),
                Is.EqualTo(Enumerable.Range(0, words.Length)));
            foreach (var other in Enumerable.Range(0, 400).Select(_ => Text(random, random.Next(0, 30))).Except(words))
            {
                Assert.That(table.Contains(Encoding.ASCII.GetBytes(other)), Is.False, other);
            }
        }
    }

    [Test]
    public void TryFind_WordGivenTwice_KeepsItsFirstMeaning()
    {
        var table = new WordTable<int>(("a b", 1), ("b c", 2));
        Assert.That(new[] { "a", "b", "c" }.Select(w => table.TryFind(Encoding.ASCII.GetBytes(w), out var meaning) ? meaning : 0),
            Is.EqualTo(new[] { 1, 1, 2 }));
    }

    private static List<(int At, int Length)> All(LiteralSet<bool> set, string text)
    {
        var (bytes, found) = (Encoding.ASCII.GetBytes(text), new List<(int, int)>());
        for (var at = 0; (at = set.Find(bytes, at, out var length, out _)) >= 0; at += length)
        {
            found.Add((at, length));
        }

        return found;
    }

    private static List<(int At, int Length)> Plain(string[] literals, string text)
    {
        var found = new List<(int, int)>();
        for (var at = 0; at < text.Length; at++)
        {
            var longest = literals.Where(l => string.CompareOrdinal(text, at, l, 0, l.Length) == 0).Select(l => l.Length).DefaultIfEmpty(0).Max();
            if (longest > 0)
            {
                found.Add((at, longest));
                at += longest - 1;
            }
        }

        return found;
    }

    private static string Text(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => Letters[random.Next(Letters.Length)]));
}

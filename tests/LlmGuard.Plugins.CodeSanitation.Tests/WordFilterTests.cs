using System.Text;
using LlmGuard.Plugins.CodeSanitation.Triggers;
using LlmGuard.Scanning.Prefilter;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>
/// The filter of words never misses one that a plain walk over the text finds, with whatever vectors, wherever it stands in blocks of 64 bytes.
/// </summary>
[NonParallelizable]
public sealed class WordFilterTests
{
    private static readonly string[] Words = ["rm", "nc", "curl", "where", "execute", "restorer0", "invocation12", "expression", "base64", "7z"];

    private static readonly string[] Pieces =
    [
        .. Words, .. Words.Select(w => w.ToUpperInvariant()), .. Words.Select(w => w[..^1]), .. Words.Select(w => w + "s"), " ", "  ", ".", "-", "_",
        "\n", "\0", "\u00E9", "\u20AC", "@", "[",
        "`", "{", "/", ":", "a", "0", "the quick brown fox ", "jumps over ", new string('x', 63), new string('y', 64), new string('z', 129),
        new string(' ', 61),
    ];

    [TearDown]
    public void UseAllVectors() => Simd.Level = SimdLevel.Bits512;

    [Test]
    public void Find_GeneratedTexts_GivesEveryWord([Range(0, (int)SimdLevel.Bits512)] int level)
    {
        Simd.Level = (SimdLevel)level;
        var filter = new WordFilter(Words);
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)])));
            var starts = Starts(filter, text);

            Assert.That(starts, Is.Ordered.Ascending.And.Unique.And.SupersetOf(WordsOf(text)), () => Encoding.UTF8.GetString(text));
            Assert.That(starts, Is.SubsetOf(Rows(text).Select(r => r.Start)), () => Encoding.UTF8.GetString(text));
        }
    }

    [Test]
    public void Find_WordAtEveryPlaceOfBlocks_IsFoundAloneAndOnce([Range(0, (int)SimdLevel.Bits512)] int level)
    {
        Simd.Level = (SimdLevel)level;
        var filter = new WordFilter(Words);
        foreach (var word in Words)
        {
            for (var before = 0; before < 200; before++)
            {
                for (var behind = 0; behind < 3; behind++)
                {
                    var text = Encoding.ASCII.GetBytes(new string(' ', before) + word + new string('.', behind));
                    Assert.That(Starts(filter, text), Is.EqualTo(new[] { before }), $"{word} behind {before} bytes, before {behind}");
                }
            }
        }
    }

    [TestCase("rms")]
    [TestCase("arm")]
    [TestCase("invocation123")]
    [TestCase("invocatio")]
    [TestCase("wher")]
    [TestCase("0where")]
    [TestCase("")]
    public void Find_OtherWord_GivesNothing(string text) => Assert.That(Starts(new WordFilter(Words), Encoding.ASCII.GetBytes(text)), Is.Empty);

    [Test]
    public void Find_NoWords_GivesNothing() =>
        Assert.That(Starts(new WordFilter([]), Encoding.ASCII.GetBytes("rm where " + new string('x', 300))), Is.Empty);

    private static List<int> Starts(WordFilter filter, byte[] text)
    {
        var starts = new List<int>();
        filter.Find(text, starts);
        return starts;
    }

    private static IEnumerable<int> WordsOf(byte[] text) =>
        Rows(text).Where(r => Words.Contains(Encoding.ASCII.GetString(text[r.Start..r.End]), StringComparer.OrdinalIgnoreCase)).Select(r => r.Start);

    private static IEnumerable<(int Start, int End)> Rows(byte[] text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiLetterOrDigit((char)text[at]))
            {
                at++;
            }

            if (at > start)
            {
                yield return (start, at);
            }
        }
    }
}

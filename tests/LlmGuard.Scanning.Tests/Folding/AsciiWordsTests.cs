using System.Text;
using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Tests.Folding;

public sealed class AsciiWordsTests
{
    [Test]
    public void MoveNext_GeneratedAscii_GivesTheWordsOfTheReader()
    {
        var random = new Random(20262);
        for (var i = 0; i < 2000; i++)
        {
            // Long words as well as short ones, so that they end at, before and behind every border of 64 bytes.
            var separators = random.Next(1, 40);
            var text =
                Encoding.ASCII.GetBytes(
                string.Concat(Enumerable.Range(0, random.Next(300)).Select(_ => random.Next(separators) == 0 ? " .,'-_[`{@/:\u007F"[random.Next(13)]
                : "az09mk"[random.Next(6)])));
            Assert.That(Fast(text), Is.EqualTo(Slow(text)), Encoding.ASCII.GetString(text));
        }
    }

    private static List<(int, int)> Fast(byte[] text)
    {
        var found = new List<(int, int)>();
        var words = new AsciiWords(text);
        while (words.MoveNext())
        {
            found.Add((words.Start, words.End));
        }

        return found;
    }

    private static List<(int, int)> Slow(byte[] text)
    {
        var found = new List<(int, int)>();
        var words = new WordReader(text);
        while (words.MoveNext())
        {
            found.Add((words.Start, words.End));
        }

        return found;
    }
}

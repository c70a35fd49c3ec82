using System.Runtime.InteropServices;
using System.Text;
using LlmGuard.Plugins.InjectionProtection.Prompts;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Folding;
using WordReader = LlmGuard.Plugins.InjectionProtection.Prompts.WordReader;

namespace LlmGuard.Plugins.InjectionProtection.Tests;

/// <summary>What is skipped for speed is never what would have counted. A larger number of texts: LLMGUARD_FUZZ.</summary>
public sealed class ShortcutTests
{
    private static readonly int Texts = int.TryParse(Environment.GetEnvironmentVariable("LLMGUARD_FUZZ"), out var count) ? count : 400;

    private static readonly string[] Files = ["attacks", "ordinary", "inserted", "read"];

    [Test]
    public void EndOf_AnyTextFromAnyOffset_IsWhereAByteByByteSearchEnds()
    {
        var random = new Random(1);
        for (var n = 0; n < Texts; n++)
        {
            // Mostly letters, so that runs pass the ends of blocks.
            var text = new byte[random.Next(300)];
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = random.Next(40) == 0 ? (byte)random.Next(256) : (byte)('a' + random.Next(26));
            }

            var runs = new LetterRuns(text);
            for (var from = 0; from < text.Length; from += 1 + random.Next(5))
            {
                var end = from;
                while (end < text.Length && AsciiByte.IsAlphanumeric(text[end]))
                {
                    end++;
                }

                Assert.That(runs.EndOf(from), Is.EqualTo(end), $"text {n} from {from}");
            }
        }
    }

    [Test]
    public void MayHaveObject_AnyVerbOfAnyText_IsTrueWhereTheSlotsFindOne()
    {
        var rows = Files.SelectMany(Rows.Read).Select(r => r.Text).ToArray();
        var random = new Random(2);
        var mixed = Enumerable.Range(0, Texts).Select(_ => Mixed(rows, random));
        var objects = rows.Concat(mixed).Sum(CountObjects);
        Assert.That(objects, Is.GreaterThan(1000), "texts without an object prove nothing");
    }

    private static int CountObjects(string row)
    {
        using var folded = FoldedText.Rent();
        TextFolder.Fold(Encoding.UTF8.GetBytes(row), folded);
        var list = new List<Word>();
        WordReader.Read(folded.Utf8, list);
        var words = CollectionsMarshal.AsSpan(list);
        var objects = 0;
        for (var verb = 0; verb < words.Length; verb++)
        {
            var slots = default(ExtractionSlots);
            for (var i = verb + 1; i < words.Length && i <= verb + ExtractionGrammar.Forward; i++)
            {
                slots.Take(words, i, folded.Utf8, isForm: false);
            }

            for (var i = verb - 1; i >= 0 && i >= verb - ExtractionGrammar.Backward; i--)
            {
                slots.Take(words, i, folded.Utf8, isForm: false);
            }

            objects += slots.HasObject ? 1 : 0;
            Assert.That(!slots.HasObject || ExtractionSlots.MayHaveObject(ExtractionGrammar.Near(words, verb)), Is.True, $"word {verb} of: {row}");
        }

        return objects;
    }

    // Words of several rows among each other.
    private static string Mixed(string[] rows, Random random)
    {
        var words = Enumerable.Range(0, 3).SelectMany(_ => rows[random.Next(rows.Length)].Split(' ').Take(30)).ToArray();
        random.Shuffle(words);
        return string.Join(' ', words);
    }
}

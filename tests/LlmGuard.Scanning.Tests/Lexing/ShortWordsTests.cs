using System.Text;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Scanning.Tests.Lexing;

/// <summary>The table of short words answers as a dictionary does.</summary>
public sealed class ShortWordsTests
{
    [Test]
    public void Find_GeneratedWords_GivesTheirMeaningsAndNoOthers()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);

            // Few letters, so that words are alike: in their ends, and in all but their length.
            var known = Enumerable.Range(0, random.Next(1500)).Select(_ => Word(random)).Distinct().Select((word, i) =>
                (Word: word, Meaning: (long)i + 1)).ToArray();
            var (table, words) = (new ShortWords<long>(known), known.ToDictionary(k => k.Word, k => k.Meaning));
            foreach (var word in words.Keys.Concat(Enumerable.Range(0, 3000).Select(_ => Word(random))))
            {
                Assert.That(Find(table, word), Is.EqualTo(words.GetValueOrDefault(word)), word);
            }
        }
    }

    [Test]
    public void Find_WhatStandsBehindTheWord_DoesNotCount()
    {
        var table = new ShortWords<long>([("all", 1), ("allow", 2), ("instructions", 3)]);
        var text = "allowed instructions"u8.ToArray().Concat(new byte[16]).ToArray();
        Assert.That(table.Read().Find(ref text[0], 3), Is.EqualTo(1));
        Assert.That(table.Read().Find(ref text[0], 5), Is.EqualTo(2));
        Assert.That(table.Read().Find(ref text[0], 7), Is.Zero);
        Assert.That(table.Read().Find(ref text[8], 12), Is.EqualTo(3));
        Assert.That(table.Read().Find(ref text[8], 11), Is.Zero);
    }

    [Test]
    public void Find_WordTwice_IsNotTheWord()
    {
        var table = new ShortWords<long>([("previuos", 1)]);
        Assert.That(Find(table, "previuos"), Is.EqualTo(1));
        Assert.That(Find(table, "previuospreviuos"), Is.Zero);
    }

    [Test]
    public void New_WordsThatAreLongOrForeign_AreLeftOut()
    {
        var table = new ShortWords<long>([("seventeen-letters", 1), ("\u00E9t\u00E9", 2), ("", 3), ("sixteen-letters.", 4)]);
        Assert.That(Find(table, "sixteen-letters."), Is.EqualTo(4));
        Assert.That(Find(table, "seventeen-letter"), Is.Zero);
    }

    private static string Word(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, ShortWords<long>.Longest + 1)).Select(_ => "ab"[random.Next(2)]));

    private static long Find(ShortWords<long> table, string word)
    {
        var padded = new byte[word.Length + 16];
        padded.AsSpan().Fill((byte)'x');
        Encoding.ASCII.GetBytes(word, padded);
        return table.Read().Find(ref padded[0], word.Length);
    }
}

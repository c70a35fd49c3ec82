using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Tool.Evaluation;
using LlmGuard.Tool.Scans;

namespace LlmGuard.Tool.Tests.Parts;

public class OffsetTests
{
    [FsCheck.NUnit.Property(MaxTest = 200, Replay = "(43,5)")]
    public Property CodePoints_AnyText_CountsRunes() => Prop.ForAll(
        ArbMap.Default.ArbFor<string?>(), ArbMap.Default.ArbFor<ushort>(),
        (string? text, ushort repeat) =>
        {
            var runes = string.Concat(Enumerable.Repeat((text ?? "") + "aé漢😀", (repeat % 100) + 1)).EnumerateRunes().ToArray();
            var utf8 = Encoding.UTF8.GetBytes(string.Concat(runes));
            var points = new CodePoints(utf8);

            var offset = 0;
            for (var i = 0; i < runes.Length; i++)
            {
                Assert.That(points.At(offset), Is.EqualTo(i));
                offset += runes[i].Utf8SequenceLength;
            }

            Assert.That(points.Total, Is.EqualTo(runes.Length));
        });

    // "ab[XX]cd[]ef": "12" became "XX...", "345" vanished.
    [TestCase(0, 2, 0, 2)]
    [TestCase(2, 6, 2, 4)]
    [TestCase(3, 5, 2, 4)]
    [TestCase(0, 3, 0, 4)]
    [TestCase(4, 7, 2, 5)]
    [TestCase(6, 8, 4, 6)]
    [TestCase(7, 9, 5, 10)]
    [TestCase(8, 10, 9, 11)]
    public void OriginalSpans_SpanOfTheEditedText_MapsToWhatItStandsFor(int start, int end, int originalStart, int originalEnd)
    {
        // Original: a b 1 2 c d 3 4 5 e f; edited: a b [ X X ] c d e f.
        TextEdit[] edits = [new(0, new TextSpan(2, 2), "[XX]"u8.ToArray()), new(0, new TextSpan(6, 3), Array.Empty<byte>())];

        var span = OriginalSpans.Map(new TextSpan(start, end - start), edits);

        Assert.That((span.Start, span.End), Is.EqualTo((originalStart, originalEnd)));
    }

    [TestCase("plain\n\ttext", "plain\n\ttext")]
    [TestCase("a\rb\u0000", "ab<U+0000>")]
    [TestCase("\u202Eevil\u2066", "<U+202E>evil<U+2066>")]
    [TestCase("👩‍👩‍👧", "👩‍👩‍👧")]
    [TestCase("\u009B31m", "<U+009B>31m")]
    [TestCase("\U000E0041", "<U+E0041>")]
    public void VisibleText_HiddenCharacters_AreSpeltOut(string text, string expected) => Assert.That(VisibleText.Of(text), Is.EqualTo(expected));
}

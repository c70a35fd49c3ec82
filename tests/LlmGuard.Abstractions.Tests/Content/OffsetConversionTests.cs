using System.Text;
using FsCheck.Fluent;

namespace LlmGuard.Abstractions.Tests.Content;

public sealed class OffsetConversionTests
{
    [Test]
    public void ToUtf8_AnySpanOfUtf16_IsThatOfTheNaiveReferenceOrRefused() => Laws.AssertHolds(Spans(), c =>
    {
        var segment = Contents.OfStrings(c.Text)[0];
        return Same(() => segment.ToUtf8(c.Start, c.Length), NaiveUtf16(c.Text, c.Start, c.Length));
    });

    [Test]
    public void CodePointsToUtf8_AnySpanOfCodePoints_IsThatOfTheNaiveReferenceOrRefused() => Laws.AssertHolds(Spans(), c =>
    {
        var segment = Contents.OfUtf8(c.Text)[0];
        return Same(() => segment.CodePointsToUtf8(c.Start, c.Length), NaiveCodePoints(c.Text, c.Start, c.Length));
    });

    [TestCase("a😀b", 0, 1, 0, 1)]
    [TestCase("a😀b", 1, 2, 1, 4)]
    [TestCase("a😀b", 3, 1, 5, 1)]
    [TestCase("a😀b", 4, 0, 6, 0)]
    [TestCase("", 0, 0, 0, 0)]
    [TestCase("中é", 1, 1, 3, 2)]
    public void ToUtf8_SpanOfText_CountsBytes(string text, int start, int length, int expectedStart, int expectedLength) =>
        Assert.That(Contents.OfStrings(text)[0].ToUtf8(start, length), Is.EqualTo(new TextSpan(expectedStart, expectedLength)));

    [TestCase(2, 1, TestName = "ToUtf8_StartInsideAPair_Throws")]
    [TestCase(1, 1, TestName = "ToUtf8_EndInsideAPair_Throws")]
    [TestCase(2, 0, TestName = "ToUtf8_EmptyInsideAPair_Throws")]
    [TestCase(-1, 1, TestName = "ToUtf8_NegativeStart_Throws")]
    [TestCase(0, -1, TestName = "ToUtf8_NegativeLength_Throws")]
    [TestCase(5, 0, TestName = "ToUtf8_StartPastTheEnd_Throws")]
    [TestCase(1, 4, TestName = "ToUtf8_EndPastTheEnd_Throws")]
    [TestCase(3, int.MaxValue, TestName = "ToUtf8_LengthThatOverflows_Throws")]
    public void ToUtf8_SpanThatDoesNotFit_Throws(int start, int length)
    {
        var segment = Contents.OfStrings("a😀b")[0];
        Assert.That(() => segment.ToUtf8(start, length), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(-1, 1)]
    [TestCase(0, -1)]
    [TestCase(4, 0)]
    [TestCase(1, 3)]
    [TestCase(2, int.MaxValue)]
    public void CodePointsToUtf8_SpanThatDoesNotFit_Throws(int start, int length)
    {
        var segment = Contents.OfStrings("a😀b")[0];
        Assert.That(() => segment.CodePointsToUtf8(start, length), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static FsCheck.Gen<(string Text, int Start, int Length)> Spans() =>
        from text in Laws.Text
        from start in Gen.Choose(-1, text.Length + 1)
        from length in Gen.Choose(-1, text.Length + 1)
        select (text, start, length);

    private static TextSpan? NaiveUtf16(string text, int start, int length)
    {
        // The offset of every code point boundary, in UTF-16 and in bytes.
        var bytes = new Dictionary<int, int> { [0] = 0 };
        var (units, count) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            units += rune.Utf16SequenceLength;
            count += rune.Utf8SequenceLength;
            bytes.Add(units, count);
        }

        return length >= 0 && bytes.TryGetValue(start, out var from) && bytes.TryGetValue(start + length, out var to)
            ? new TextSpan(from, to - from) : null;
    }

    private static TextSpan? NaiveCodePoints(string text, int start, int length)
    {
        var runes = text.EnumerateRunes().ToArray();
        return start < 0 || length < 0 || start + length > runes.Length
            ? null
            : new TextSpan(runes.Take(start).Sum(Size), runes.Skip(start).Take(length).Sum(Size));
    }

    private static int Size(Rune rune) => rune.Utf8SequenceLength;

    private static bool Same(Func<TextSpan> actual, TextSpan? expected)
    {
        try
        {
            return actual() == expected;
        }
        catch (ArgumentOutOfRangeException)
        {
            return expected is null;
        }
    }
}

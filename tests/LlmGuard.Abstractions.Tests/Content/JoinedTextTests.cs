using System.Text;
using FsCheck.Fluent;

namespace LlmGuard.Abstractions.Tests.Content;

public sealed class JoinedTextTests
{
    [Test]
    public void Collect_NoJoinNumbers_FindsNothing() => Assert.That(Contents.OfStrings("a", "b").JoinedTexts, Is.Empty);

    [Test]
    public void Collect_SinglePart_FindsNothing() => Assert.That(Contents.Joined(("a", 0), ("b", 1)).JoinedTexts, Is.Empty);

    [Test]
    public void Collect_PartsWithOthersBetween_JoinsByNumberInOrderOfFirstParts()
    {
        var content = Contents.Joined(("1a", 7), ("x", -1), ("2a", 3), ("1b", 7), ("2b", 3), ("1c", 7));

        Assert.That(content.JoinedTexts.Select(j => Encoding.UTF8.GetString(j.Utf8.Span)), Is.EqualTo(new[] { "1a1b1c", "2a2b" }));
        Assert.That(content.JoinedTexts[0].Parts.Select(p => p.Index), Is.EqualTo(new[] { 0, 3, 5 }));
    }

    [Test]
    public void Collect_BinaryWithAJoinNumber_IsNoPart()
    {
        var builder = new GuardrailContentBuilder();
        var info = new SegmentInfo { Join = 0 };
        builder.AddText("a", info);
        builder.AddBinary(UninspectedKind.Image, new byte[] { 1 }, "image/png", null, info);
        builder.AddOpaque(UninspectedKind.TokenIds, info);
        builder.AddText("b", info);

        Assert.That(builder.Build().JoinedTexts.Single().Parts.Select(p => p.Index), Is.EqualTo(new[] { 0, 3 }));
    }

    [Test]
    public void Collect_FilteredView_JoinsOnlyWhatTheViewHolds()
    {
        var content = Contents.Joined(("a", 0), ("b", 0), ("c", 0));

        Assert.That(Encoding.UTF8.GetString(content.Where(1, (drop, s) => s.Index != drop).JoinedTexts.Single().Utf8.Span), Is.EqualTo("ac"));
        Assert.That(content.Where(0, (keep, s) => s.Index == keep).JoinedTexts, Is.Empty);
    }

    [TestCase(0, 4, false)]
    [TestCase(0, 5, true)]
    [TestCase(3, 2, true)]
    [TestCase(4, 2, false)]
    [TestCase(4, 0, false)]
    [TestCase(5, 2, true)]
    [TestCase(0, 7, true)]
    [TestCase(7, 0, false)]
    public void CrossesParts_SpanOfThreePartsWithEmptyOnesBetween_SaysWhetherItTouchesTwo(int start, int length, bool expected)
    {
        var joined = Contents.Joined(("", 0), ("😀", 0), ("", 0), ("", 0), ("é", 0), ("z", 0), ("", 0)).JoinedTexts.Single();
        Assert.That(joined.CrossesParts(new TextSpan(start, length)), Is.EqualTo(expected));
    }

    [Test]
    public void Map_SpanOverEmptyParts_SkipsThem()
    {
        var joined = Contents.Joined(("", 0), ("ab", 0), ("", 0), ("cd", 0), ("", 0)).JoinedTexts.Single();

        Assert.That(
            joined.Map(new TextSpan(1, 2)).Select(p => (p.Segment.Index, p.Span)),
            Is.EqualTo(new[] { (1, new TextSpan(1, 1)), (3, new TextSpan(0, 1)) }));
        Assert.That(joined.Map(new TextSpan(2, 0)), Is.Empty);
    }

    [Test]
    public void Collect_OnlyEmptyParts_HasNoBytesAndMapsNothing()
    {
        var joined = Contents.Joined(("", 0), ("", 0)).JoinedTexts.Single();

        Assert.That(joined.Utf8.Length, Is.Zero);
        Assert.That(joined.Map(default), Is.Empty);
        Assert.That(joined.CrossesParts(default), Is.False);
    }

    [TestCase(-1, 1)]
    [TestCase(0, -1)]
    [TestCase(5, 0)]
    [TestCase(3, 2)]
    [TestCase(0, 5)]
    [TestCase(int.MaxValue, 10)]
    [TestCase(2, int.MaxValue)]
    public void MapAndCrossesParts_SpanOutside_Throw(int start, int length)
    {
        var joined = Contents.Joined(("ab", 0), ("cd", 0)).JoinedTexts.Single();

        Assert.That(() => joined.Map(new TextSpan(start, length)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => joined.CrossesParts(new TextSpan(start, length)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Map_AnySpan_IsTheNaiveByteByByteMapping()
    {
        var cases =
            from texts in Laws.Text.ListOf(4)
            let total = Encoding.UTF8.GetByteCount(string.Concat(texts))
            from start in Gen.Choose(0, total)
            from length in Gen.Choose(0, total - start)
            select (Texts: texts, Start: start, Length: length);

        Laws.AssertHolds(cases, c =>
        {
            var joined = Contents.Joined([.. c.Texts.Select(t => (t, 0))]).JoinedTexts.Single();
            var owners = c.Texts.SelectMany((t, part) => Enumerable.Range(0, Encoding.UTF8.GetByteCount(t)).Select(offset => (part, offset)));
            var expected = owners.Skip(c.Start).Take(c.Length).ToList();
            var span = new TextSpan(c.Start, c.Length);
            var pieces = joined.Map(span).ToList();

            return pieces.SelectMany(p => Enumerable.Range(p.Span.Start, p.Span.Length).Select(o => (p.Segment.Index, o))).SequenceEqual(expected)
                && pieces.TrueForAll(p => p.Span.Length > 0)
                && joined.CrossesParts(span) == expected.Select(e => e.part).Distinct().Skip(1).Any();
        });
    }
}

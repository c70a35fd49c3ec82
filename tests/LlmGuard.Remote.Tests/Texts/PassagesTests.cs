using System.Text;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Remote.Tests.Texts;

public sealed class PassagesTests
{
    private static readonly TextLimit Limit = new(TextUnit.Bytes, 64, 16);

    [Test]
    public void Each_ShortTexts_ArePassagesOfTheirOwn()
    {
        var content = Content("one", "two");

        var passages = Passages.Each(content, Limit);

        Assert.That(passages.Select(Text), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(passages[1].First.Index, Is.EqualTo(1));
    }

    [Test]
    public void Each_BlankTexts_AreLeftOut() => Assert.That(Passages.Each(Content("", " \n\t", "\u3000\u2003"), Limit), Is.Empty);

    [Test]
    public void Each_InvisibleButNotBlank_IsKept() => Assert.That(Passages.Each(Content("\u200b\U000E0041"), Limit), Has.Count.EqualTo(1));

    [Test]
    public void Each_JoinedParts_AreAskedAloneAndTogether()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("how to bu", new SegmentInfo { Join = 1 });
        builder.AddText("ild it", new SegmentInfo { Join = 1 });

        var passages = Passages.Each(builder.Build(), Limit);

        Assert.That(passages.Select(Text), Is.EqualTo(new[] { "how to bu", "ild it", "how to build it" }));
        Assert.That(passages[2].Map(new TextSpan(7, 4)).Select(p => (p.Segment.Index, p.Span)),
            Is.EqualTo(new[] { (0, new TextSpan(7, 2)), (1, new TextSpan(0, 2)) }));
    }

    [Test]
    public void Each_Filter_KeepsJoinedTextsOfWhichAPartIsIncluded()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("aa", new SegmentInfo { Role = SegmentRole.User, Join = 1 });
        builder.AddText("bb", new SegmentInfo { Role = SegmentRole.Tool, Join = 1 });

        var passages = Passages.Each(builder.Build(), Limit, s => s.Role == SegmentRole.User);

        Assert.That(passages.Select(Text), Is.EqualTo(new[] { "aa", "aabb" }));
    }

    [Test]
    public void Each_SecretAcrossTheCut_IsWholeInOnePassage()
    {
        for (var at = 40; at < 120; at++)
        {
            var content = Content(new string('x', at) + "sk-SECRET-123" + new string('y', 100));

            var passages = Passages.Each(content, Limit);

            Assert.That(passages.Any(p => Text(p).Contains("sk-SECRET-123", StringComparison.Ordinal)), $"at {at}");
        }
    }

    [Test]
    public void Map_EveryWindow_LeadsBackToTheSegmentsBytes()
    {
        var content = Content("é€" + string.Concat(Enumerable.Range(0, 80).Select(i => i % 7 == 0 ? "😀" : "ab ")), "short");
        foreach (var passage in Passages.Each(content, Limit).Concat(Passages.Together(content, Limit)))
        {
            var rebuilt = new StringBuilder();
            foreach (var (segment, span) in passage.Map(new TextSpan(0, passage.Utf8.Length)))
            {
                rebuilt.Append(Encoding.UTF8.GetString(segment.Utf8.Span.Slice(span.Start, span.Length)));
            }

            Assert.That(rebuilt.ToString(), Is.EqualTo(Text(passage).Replace("\n", "", StringComparison.Ordinal)));
        }
    }

    [Test]
    public void Together_SmallTexts_ShareAPassageUpToTheLimit()
    {
        var content = Content([.. Enumerable.Range(0, 10).Select(i => new string((char)('a' + i), 20))]);

        var passages = Passages.Together(content, Limit);

        Assert.That(passages.Select(p => p.Utf8.Length), Has.All.LessThanOrEqualTo(64));
        Assert.That(passages.Select(p => p.Parts.Count), Is.EqualTo(new[] { 3, 3, 3, 1 }));
        Assert.That(passages[0].Map(new TextSpan(20, 2)).Select(p => (p.Segment.Index, p.Span)), Is.EqualTo(new[] { (1, new TextSpan(0, 1)) }),
            "the separator lies nowhere");
    }

    [Test]
    public void Batches_LimitsOfUnitsAndCount_AreKept()
    {
        var passages = Passages.Each(Content("aaaa", "bbbb", "c", "d", "eeeeeeeeeeeeeeeeeeee", "f"), Limit);

        var batches = Passages.Batches(passages, TextUnit.Bytes, maxUnits: 10, maxCount: 3);

        Assert.That(batches.Select(b => string.Join(',', b.Select(Text))), Is.EqualTo(new[] { "aaaa,bbbb,c", "d", "eeeeeeeeeeeeeeeeeeee", "f" }));
    }

    [TestCase(-1, 1)]
    [TestCase(0, 4)]
    [TestCase(4, 0)]
    public void Map_SpanOutsideThePassage_Throws(int start, int length) =>
        Assert.That(() => Passages.Each(Content("abc"), Limit)[0].Map(new TextSpan(start, length)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static string Text(Passage passage) => Encoding.UTF8.GetString(passage.Utf8.Span);

    private static GuardrailContent Content(params string[] texts)
    {
        var builder = new GuardrailContentBuilder();
        foreach (var text in texts)
        {
            builder.AddText(text, new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        }

        return builder.Build();
    }
}

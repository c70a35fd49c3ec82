using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Remote.Tests.Judging;

/// <summary>Texts a judge rewrote: after the edits the content reads exactly so, or there are none.</summary>
public sealed class TextRewritesTests
{
    private static readonly TextLimit Wide = new(TextUnit.Bytes, 1024, 64);

    [TestCase("abc", "abc", null)]
    [TestCase("abc", "aXc", "1+1=X")]
    [TestCase("abc", "", "0+3=")]
    [TestCase("abc", "abXc", "2+1=Xc")]
    [TestCase("abc", "abcX", "2+1=cX")]
    [TestCase("abc", "Xabc", "0+1=Xa")]
    [TestCase("aaa", "aa", "2+1=")]
    [TestCase("é", "è", "0+2=è")]
    [TestCase("xé", "xéé", "1+2=éé")]
    [TestCase("😀y", "😁y", "0+4=😁")]
    public void Difference_TwoTexts_IsTheSmallestSpan(string original, string rewritten, string? expected)
    {
        var difference = TextRewrites.Difference(Encoding.UTF8.GetBytes(original), Encoding.UTF8.GetBytes(rewritten));

        Assert.That(difference is { } d ? $"{d.Span.Start}+{d.Span.Length}={d.Text}" : null, Is.EqualTo(expected));
    }

    [Test]
    public void Difference_AnyTwoTexts_GivesTheOtherAndCutsNoCodePoint()
    {
        var text = Gen.Elements("a", "b", "é", "è", "😀", "😁", " ").ListOf().Select(string.Concat);
        Prop.ForAll(
            Arb.From(Gen.Zip(text, text)),
            pair =>
            {
                var original = Encoding.UTF8.GetBytes(pair.Item1);
                if (original.Length == 0 || TextRewrites.Difference(original, Encoding.UTF8.GetBytes(pair.Item2)) is not { } d)
                {
                    return original.Length == 0 || pair.Item1 == pair.Item2;
                }

                return d.Span.Length > 0
                    && IsBoundary(original, d.Span.Start) && IsBoundary(original, d.Span.End)
                    && Encoding.UTF8.GetString(original, 0, d.Span.Start) + d.Text
                        + Encoding.UTF8.GetString(original, d.Span.End, original.Length - d.Span.End) == pair.Item2;
            }).Check(Config.QuickThrowOnFailure.WithReplay(59, 3));
    }

    [Test]
    public void Conclude_TextAcrossParts_IsCarriedOutOnlyWhereThePartsSayIt()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("my se", new SegmentInfo { Join = 0 });
        builder.AddText("cret", new SegmentInfo { Join = 0 });
        var call = new GuardrailCall(GuardrailStage.PreRequest, builder.Build());
        var passages = Passages.Each(call.Content, Wide);

        Assert.That(Rewrite(call, passages, "my ", "***", "my ***").Edits, Has.Count.EqualTo(2));
        Assert.That(Rewrite(call, passages, "my se", "cret", "my ***").Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
        Assert.That(Rewrite(call, passages, "my se", "cret", "my secret"), Is.SameAs(GuardrailVerdict.Allow));
    }

    [Test]
    public void Conclude_WindowOfALongText_IsNotRewritten()
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText(new string('a', 100), SegmentRole.User));
        var passages = Passages.Each(call.Content, new TextLimit(TextUnit.Bytes, 64, 16));

        var same = Rewrite(call, passages, [.. passages.Select(p => Encoding.UTF8.GetString(p.Utf8.Span))]);
        var changed = Rewrite(call, passages, [.. passages.Select(_ => "b")]);

        Assert.That(same, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(changed.Failure?.Reason, Is.EqualTo(FailureReasons.MaskNotApplicable));
    }

    [Test]
    public void Conclude_WholeValue_IsReplacedWhole()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("4111", new SegmentInfo { Editability = Editability.WholeValue });
        var call = new GuardrailCall(GuardrailStage.PreRequest, builder.Build());

        var edit = Rewrite(call, Passages.Each(call.Content, Wide), "4***").Edits.Single();

        Assert.That((edit.Span, edit.Replacement.Value), Is.EqualTo((new TextSpan(0, 4), "4***")));
    }

    private static GuardrailVerdict Rewrite(GuardrailCall call, List<Passage> passages, params string[] texts)
    {
        var rewrites = new TextRewrites(call);
        for (var i = 0; i < passages.Count; i++)
        {
            rewrites.Add(passages[i], texts[i]);
        }

        return rewrites.Conclude([]);
    }

    private static bool IsBoundary(byte[] text, int offset) => offset == text.Length || (text[offset] & 0xC0) != 0x80;
}

using System.Text;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Remote.Tests.Judging;

public sealed class PassageMasksTests
{
    private static readonly TextLimit Limit = new(TextUnit.Bytes, 64, 16);
    private static readonly Replacement Mask = Replacement.Literal("[X]");

    [Test]
    public void Conclude_SameMaskSeenInTwoChunks_IsOneExactEdit()
    {
        const string secret = "4111-1111";
        var call = Call(GuardrailStage.PreRequest, Editability.Span, new string('é', 28) + secret + new string('y', 60));
        var masks = new PassageMasks(call);
        var seen = 0;
        foreach (var passage in Passages.Each(call.Content, Limit))
        {
            var at = Encoding.UTF8.GetString(passage.Utf8.Span).IndexOf(secret, StringComparison.Ordinal);
            if (at >= 0)
            {
                seen++;
                masks.Add(passage, new TextSpan(Encoding.UTF8.GetByteCount(Encoding.UTF8.GetString(passage.Utf8.Span)[..at]), secret.Length), Mask);
            }
        }

        var verdict = masks.Conclude([]);

        Assert.That(seen, Is.EqualTo(1).Or.EqualTo(2));
        Assert.That(verdict.Edits.Select(e => e.Span), Is.EqualTo(new[] { new TextSpan(56, secret.Length) }));
    }

    [Test]
    public void Conclude_NumberThatIsEditedWhole_ReplacesAllOfIt()
    {
        var call = Call(GuardrailStage.PreRequest, Editability.WholeValue, "4111111111111111");

        Assert.That(Conclude(call).Edits.Single().Span, Is.EqualTo(new TextSpan(0, 16)));
    }

    [TestCase(GuardrailStage.PostRequest)]
    [TestCase(GuardrailStage.PreRequest)]
    public void Conclude_WhereNothingMayBeEdited_Fails(GuardrailStage stage)
    {
        var call = Call(stage, stage == GuardrailStage.PreRequest ? Editability.Signed : Editability.Span, "secret");

        Assert.That(Conclude(call).Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable)));
    }

    [Test]
    public void Conclude_NoMasks_FlagsWhatWasFoundOrAllows()
    {
        var masks = new PassageMasks(Call(GuardrailStage.PreRequest, Editability.Span, "x"));

        Assert.That(masks.Conclude([]), Is.SameAs(GuardrailVerdict.Allow));
        Assert.That(masks.Conclude([new GuardrailFinding("r", "t")]).Outcome, Is.EqualTo(VerdictOutcome.Flag));
    }

    private static GuardrailVerdict Conclude(GuardrailCall call)
    {
        var masks = new PassageMasks(call);
        masks.Add(Passages.Each(call.Content, Limit)[0], new TextSpan(1, 2), Mask);
        return masks.Conclude([]);
    }

    private static GuardrailCall Call(GuardrailStage stage, Editability editability, string text)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(text, new SegmentInfo { Editability = editability });
        return new GuardrailCall(stage, builder.Build());
    }
}

using LlmGuard.Remote.Judging;

namespace LlmGuard.Remote.Tests.Judging;

public sealed class VerdictMergeTests
{
    private static readonly Replacement Mask = Replacement.Literal("[X]");
    private static readonly GuardrailVerdict Block = GuardrailVerdict.Block(null, new GuardrailFinding("b", "t"));
    private static readonly GuardrailVerdict Other = GuardrailVerdict.Block(null, new GuardrailFinding("c", "t"));
    private static readonly GuardrailVerdict Input = GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.VerdictIncomplete);
    private static readonly GuardrailVerdict Down = GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Transport);

    [Test]
    public void Merge_BlockAmongFailures_IsTheBlock() => Assert.That(Merge(Down, Input, Block, GuardrailVerdict.Allow), Is.SameAs(Block));

    [Test]
    public void Merge_TwoBlocks_IsTheFirstInOrder() => Assert.That(Merge(GuardrailVerdict.Allow, Other, Block), Is.SameAs(Other));

    [Test]
    public void Merge_BothFailures_IsTheInputFailure() => Assert.That(Merge(Down, Input), Is.SameAs(Input));

    [Test]
    public void Merge_FailureAndMask_IsTheFailure() => Assert.That(Merge(Modify(0, 1), Down), Is.SameAs(Down));

    [Test]
    public void Merge_Allows_IsAllow() => Assert.That(Merge(GuardrailVerdict.Allow, GuardrailVerdict.Allow), Is.SameAs(GuardrailVerdict.Allow));

    [Test]
    public void Merge_MasksOfOverlappingChunks_AreTheUnionWithoutRepetition()
    {
        var merged = Merge(Modify(0, 1), Modify(0, 1), Modify(5, 2), GuardrailVerdict.Flag(new GuardrailFinding("f", "t")));

        Assert.That(merged.Outcome, Is.EqualTo(VerdictOutcome.Modify));
        Assert.That(merged.Edits.Select(e => e.Span), Is.EqualTo(new[] { new TextSpan(0, 1), new TextSpan(5, 2) }));
        Assert.That(merged.Findings.Select(f => f.Rule), Is.EqualTo(new[] { "m", "f" }));
    }

    private static GuardrailVerdict Modify(int start, int length) =>
        GuardrailVerdict.Modify([new SegmentEdit(0, new TextSpan(start, length), Mask)], new GuardrailFinding("m", "t"));

    private static GuardrailVerdict Merge(params GuardrailVerdict?[] verdicts) => VerdictMerge.Merge(verdicts);
}

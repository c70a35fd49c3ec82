namespace LlmGuard.Abstractions.Tests.Verdicts;

public sealed class GuardrailVerdictTests
{
    private static readonly GuardrailFinding Finding = new("rule", "email", 1, new TextSpan(2, 3));
    private static readonly SegmentEdit[] Edits = [new(1, new TextSpan(2, 3), Replacement.Literal("x"))];
    private static readonly RequestChange[] Changes = [new RequestChange.Model("m")];

    [Test]
    public void Allow_IsOneEmptyInstance()
    {
        var verdict = GuardrailVerdict.Allow;

        Assert.That(verdict, Is.SameAs(GuardrailVerdict.Allow));
        Assert.That((verdict.Outcome, verdict.Failure, verdict.Refusal),
            Is.EqualTo((VerdictOutcome.Allow, (GuardrailFailure?)null, (GuardrailRefusal?)null)));
        Assert.That(verdict.Findings.Count + verdict.Edits.Count + verdict.RequestChanges.Count + verdict.ResponseHeaders.Count, Is.Zero);
    }

    [Test]
    public void Factories_EachOutcome_CarryTheirParts()
    {
        var refusal = new GuardrailRefusal { StatusCode = 429, Message = "m", Reason = "r" };

        Assert.That(GuardrailVerdict.Flag(Finding) is { Outcome: VerdictOutcome.Flag, Findings: [{ Rule: "rule" }], Edits: [] }, Is.True);
        Assert.That(GuardrailVerdict.Modify(Edits, Finding) is { Outcome: VerdictOutcome.Modify, Edits.Count: 1, RequestChanges: [],
            Findings.Count: 1 }, Is.True);
        Assert.That(
            GuardrailVerdict.Modify(Changes) is { Outcome: VerdictOutcome.Modify, Edits: [], RequestChanges.Count: 1, Findings: [] }, Is.True);
        Assert.That(GuardrailVerdict.Block(refusal, Finding).Refusal, Is.SameAs(refusal));
        Assert.That(GuardrailVerdict.Block() is { Outcome: VerdictOutcome.Block, Refusal: null, Findings: [] }, Is.True);
    }

    [Test]
    public void Fail_ClassAndReason_IsAFailureAndNoConclusion()
    {
        var verdict = GuardrailVerdict.Fail(FailureClass.Availability, FailureReasons.Transport);

        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, "transport")));
        Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That(verdict.ToString(), Is.EqualTo("failed: Availability transport"));
        Assert.That(() => GuardrailVerdict.Fail(FailureClass.Input, ""), Throws.ArgumentException);
        Assert.That(() => GuardrailVerdict.Fail(FailureClass.Input, null!), Throws.ArgumentNullException);
    }

    [Test]
    public void WithResponseHeaders_EveryKind_KeepsAllElse()
    {
        KeyValuePair<string, string>[] headers = [new("Retry-After", "1")];
        GuardrailVerdict[] verdicts =
        [
            GuardrailVerdict.Allow, GuardrailVerdict.Flag(Finding), GuardrailVerdict.Modify(Edits, Finding), GuardrailVerdict.Modify(Changes),
            GuardrailVerdict.Block(new GuardrailRefusal(), Finding), GuardrailVerdict.Fail(FailureClass.Output, "x"),
        ];
        foreach (var verdict in verdicts)
        {
            var with = verdict.WithResponseHeaders(headers);

            Assert.That(with.ResponseHeaders, Is.EqualTo(headers));
            Assert.That(
                (with.Outcome, with.Failure, with.Findings, with.Edits, with.RequestChanges, with.Refusal),
                Is.EqualTo((verdict.Outcome, verdict.Failure, verdict.Findings, verdict.Edits, verdict.RequestChanges, verdict.Refusal)));
        }

        Assert.That(GuardrailVerdict.Allow.ResponseHeaders, Is.Empty);
    }

    [Test]
    public void Factories_NullList_Throw()
    {
        Assert.That(() => GuardrailVerdict.Flag(null!), Throws.ArgumentNullException);
        Assert.That(() => GuardrailVerdict.Modify((IReadOnlyList<SegmentEdit>)null!), Throws.ArgumentNullException);
        Assert.That(() => GuardrailVerdict.Modify((IReadOnlyList<RequestChange>)null!), Throws.ArgumentNullException);
        Assert.That(() => GuardrailVerdict.Modify(Edits, (IReadOnlyList<GuardrailFinding>)null!), Throws.ArgumentNullException);
        Assert.That(() => GuardrailVerdict.Block(null, (IReadOnlyList<GuardrailFinding>)null!), Throws.ArgumentNullException);
        Assert.That(() => GuardrailVerdict.Allow.WithResponseHeaders(null!), Throws.ArgumentNullException);
    }
}

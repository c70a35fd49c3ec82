using System.Collections;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

public sealed class EvilPluginTests
{
    private const string Text = "aé日 text";

    private static readonly Replacement X = Replacement.Literal("x");

    private static IEnumerable<(string Name, Func<ScriptedEvaluator> Make, string Reason)> Evils()
    {
        yield return ("throws", () => new((_, _) => throw new InvalidOperationException("boom")), FailureReasons.Exception);
        yield return ("throws later", () => new(async (_, _) => { await Task.Yield(); throw new InvalidOperationException("boom"); }),
            FailureReasons.Exception);
        yield return ("cancels itself", () => new((_, _) => throw new OperationCanceledException()), FailureReasons.Exception);
        yield return ("null verdict", () => new((_, _) => new ValueTask<GuardrailVerdict>((GuardrailVerdict)null!)), FailureReasons.InvalidVerdict);
        yield return ("empty edit", () => Edits(new SegmentEdit(0, new TextSpan(1, 0), X)), FailureReasons.InvalidEdit);
        yield return ("negative start", () => Edits(new SegmentEdit(0, new TextSpan(-1, 2), X)), FailureReasons.InvalidEdit);
        yield return ("beyond the end", () => Edits(new SegmentEdit(0, new TextSpan(0, 100), X)), FailureReasons.InvalidEdit);
        yield return ("overflowing", () => Edits(new SegmentEdit(0, new TextSpan(5, int.MaxValue), X)), FailureReasons.InvalidEdit);
        yield return ("starts inside a code point", () => Edits(new SegmentEdit(0, new TextSpan(2, 1), X)), FailureReasons.InvalidEdit);
        yield return ("ends inside a code point", () => Edits(new SegmentEdit(0, new TextSpan(0, 2), X)), FailureReasons.InvalidEdit);
        yield return ("no such segment", () => Edits(new SegmentEdit(7, new TextSpan(0, 1), X)), FailureReasons.InvalidEdit);
        yield return ("no replacement", () => Edits(new SegmentEdit(0, new TextSpan(0, 1), null!)), FailureReasons.InvalidEdit);
        yield return ("valid and invalid", () => Edits(new SegmentEdit(0, new TextSpan(0, 1), X), new SegmentEdit(0, new TextSpan(0, 0), X)),
            FailureReasons.InvalidEdit);
        yield return ("list that throws", () => new(GuardrailVerdict.Modify(new ThrowingList<SegmentEdit>())), FailureReasons.Exception);
        yield return ("too many findings", () => new(GuardrailVerdict.Flag(new GuardrailFinding[11])), FailureReasons.LimitExceeded);
        yield return ("framing header", () => Headers("Content-Length", "1"), FailureReasons.InvalidVerdict);
        yield return ("header with a line break", () => Headers("X-A", "1\r\nX-B: 2"), FailureReasons.InvalidVerdict);
        yield return ("credential header", () => new(GuardrailVerdict.Modify([new RequestChange.Header("Authorization", "x")])),
            FailureReasons.InvalidVerdict);
    }

    private static IEnumerable<TestCaseData> Cases() =>
        from evil in Evils()
        from inline in new[] { true, false }
        from onError in new[] { FailurePolicy.Block, FailurePolicy.Allow }
        select new TestCaseData(evil.Make, evil.Reason, inline, onError)
            .SetArgDisplayNames(evil.Name, inline ? "inline" : "pool", onError.ToString());

    [TestCaseSource(nameof(Cases))]
    public async Task Enforce_LocalEvil_IsInputFailureWhateverOnErrorSays(Delegate make, string reason, bool inline, FailurePolicy onError)
    {
        var evaluator = (ScriptedEvaluator)make.DynamicInvoke()!;
        var plan = Plan(preRequest: Stage(Entry("evil", evaluator, inline, onError: onError)), limits: new() { MaxFindings = 10 });
        using var harness = new Harness(plan);

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, Text);

        Assert.Multiple(() =>
        {
            Assert.That(decision.Refusal?.Code, Is.EqualTo(RefusalCodes.InputUninspectable));
            Assert.That(decision.Refusal?.StatusCode, Is.EqualTo(403));
            Assert.That(decision.Results[0].Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Input, reason)));
            Assert.That(decision.Content[0].Text, Is.EqualTo(Text));
            Assert.That(harness.Policy.Leases, Is.Zero);
        });
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Monitor_LocalEvil_IsRecordedOnly(Delegate make, string reason, bool inline, FailurePolicy onError)
    {
        var evaluator = (ScriptedEvaluator)make.DynamicInvoke()!;
        var plan = Plan(preRequest: Stage(Entry("evil", evaluator, inline, monitor: true, onError: onError)), limits: new() { MaxFindings = 10 });
        using var harness = new Harness(plan);

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, Text);
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow));
            Assert.That(harness.Audit.Records.Single(r => r.IsMonitor).Entries.Single().Failure?.Reason, Is.EqualTo(reason));
        });
    }

    [TestCase(FailurePolicy.Block, 503)]
    [TestCase(FailurePolicy.Allow, null)]
    public async Task Enforce_RemoteThrows_IsAvailability(FailurePolicy onError, int? status)
    {
        var evaluator = new ScriptedEvaluator((_, _) => throw new HttpRequestException("down"));
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("judge", evaluator, inline: false, remote: true, onError: onError)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, Text);

        Assert.Multiple(() =>
        {
            Assert.That(decision.Refusal?.StatusCode, Is.EqualTo(status));
            Assert.That(decision.Results[0].Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.Transport)));
            Assert.That(decision.Results[0].FailedOpen, Is.EqualTo(onError == FailurePolicy.Allow));
        });
    }

    [TestCase(GuardrailStage.PostRequest, FailureReasons.InvalidEdit, 403)]
    [TestCase(GuardrailStage.PreResponse, null, null)]
    public async Task Evaluate_EditsAtStage_OnlyWhereAllowed(GuardrailStage stage, string? reason, int? status)
    {
        using var harness = new Harness(At(stage, Entry("plugin", Mask(0, 1))));

        var decision = await harness.EvaluateAsync(stage, Text);

        Assert.Multiple(() =>
        {
            Assert.That(decision.Results[0].Failure?.Reason, Is.EqualTo(reason));
            Assert.That(decision.Refusal?.StatusCode, Is.EqualTo(status));
        });
    }

    [Test]
    public async Task Evaluate_EditsOfOneThatDoesNotRewrite_Fail()
    {
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", new ScriptedEvaluator(Mask(0, 1)), rewrites: false)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, Text);

        Assert.That(decision.Results[0].Failure?.Reason, Is.EqualTo(FailureReasons.InvalidEdit));
    }

    private static IEnumerable<TestCaseData> Editabilities()
    {
        yield return new TestCaseData(Editability.Signed, 0, 4, FailureReasons.MaskNotApplicable);
        yield return new TestCaseData(Editability.Key, 0, 4, FailureReasons.InvalidEdit);
        yield return new TestCaseData(Editability.Identifier, 0, 4, FailureReasons.InvalidEdit);
        yield return new TestCaseData(Editability.WholeValue, 0, 2, FailureReasons.InvalidEdit);
        yield return new TestCaseData(Editability.WholeValue, 0, 4, null);
    }

    [TestCaseSource(nameof(Editabilities))]
    public async Task Evaluate_EditOfSegment_FollowsItsEditability(Editability editability, int start, int length, string? reason)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("1234", new SegmentInfo { Editability = editability });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", Mask(start, length))));

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, builder.Build());

        Assert.Multiple(() =>
        {
            Assert.That(decision.Results[0].Failure?.Reason, Is.EqualTo(reason));
            Assert.That(decision.IsAllowed, Is.EqualTo(reason is null));
        });
    }

    [Test]
    public async Task Evaluate_EditOfAPartOfWhatWasReplacedAsAWhole_IsMade()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("1234", new SegmentInfo { Editability = Editability.WholeValue });
        var whole = GuardrailVerdict.Modify([new SegmentEdit(0, new TextSpan(0, 4), Replacement.Literal("[CARD]"))]);
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("first", whole), Entry("second", Mask(0, 1))));

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, builder.Build());

        Assert.That(decision.Results.Select(r => r.Failure), Has.All.Null);
    }

    [Test]
    public async Task Evaluate_EditBehindTheLastSegment_IsInvalid()
    {
        var verdict = GuardrailVerdict.Modify([new SegmentEdit(1, new TextSpan(0, 1), Replacement.Literal("x"))]);
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", verdict)));

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));

        Assert.That(decision.Results[0].Failure?.Reason, Is.EqualTo(FailureReasons.InvalidEdit));
    }

    [Test]
    public async Task Evaluate_InputFailureAboutTheAnswer_IsOutput()
    {
        using var harness =
            new Harness(At(GuardrailStage.PreResponse, Entry("plugin", GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.PatternBound))));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreResponse, Text);

        Assert.That((decision.Refusal?.StatusCode, decision.Refusal?.Code), Is.EqualTo((502, RefusalCodes.OutputUninspectable)));
    }

    private static ScriptedEvaluator Edits(params SegmentEdit[] edits) => new(GuardrailVerdict.Modify(edits));

    private static ScriptedEvaluator Headers(string name, string value) =>
        new(GuardrailVerdict.Allow.WithResponseHeaders(new KeyValuePair<string, string>(name, value)));

    private sealed class ThrowingList<T> : IReadOnlyList<T>
    {
        public int Count => 1;

        public T this[int index] => throw new InvalidOperationException("list");

        public IEnumerator<T> GetEnumerator() => throw new InvalidOperationException("list");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

using LlmGuard.Planning;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

public sealed class UnreadContentTests
{
    private static IEnumerable<TestCaseData> Kinds()
    {
        foreach (var kind in Enum.GetValues<UninspectedKind>())
        {
            yield return new TestCaseData(kind, UninspectedPolicy.Default.For(kind));
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task Uninspected_RequestDefaults_BlockOrFlag(UninspectedKind kind, object action)
    {
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", GuardrailVerdict.Allow)));

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Opaque(kind, kind));

        Assert.Multiple(() =>
        {
            Assert.That(decision.NotInspected, Is.EqualTo(new[] { KeyValuePair.Create(kind, 2) }));
            Assert.That(
                decision.Action, Is.EqualTo((UninspectedAction)action == UninspectedAction.Block ? GuardrailAction.Block : GuardrailAction.Flag));
            Assert.That(
                decision.Refusal?.Reason, Is.EqualTo((UninspectedAction)action == UninspectedAction.Block ? FailureReasons.Uninspected : null));
        });
    }

    [Test]
    public async Task Uninspected_Allow_IsListedOnly()
    {
        var plan =
            Plan(preRequest: Stage(Entry("plugin", GuardrailVerdict.Allow)), uninspected: new UninspectedPolicy { Image = UninspectedAction.Allow });
        using var harness = new Harness(plan);

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Opaque(UninspectedKind.Image));

        Assert.Multiple(() =>
        {
            Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow));
            Assert.That(decision.NotInspected, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Uninspected_Response_IsOutput()
    {
        using var harness = new Harness(At(GuardrailStage.PreResponse, Entry("plugin", GuardrailVerdict.Allow)));

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreResponse, Opaque(UninspectedKind.TokenIds));

        Assert.That((decision.Refusal?.StatusCode, decision.Refusal?.Code), Is.EqualTo((502, RefusalCodes.OutputUninspectable)));
    }

    private static IEnumerable<TestCaseData> NotNeeding()
    {
        yield return new TestCaseData(Stage(Entry("watch", GuardrailVerdict.Allow, monitor: true))).SetArgDisplayNames("monitor only");
        yield return new TestCaseData(Stage(Entry("counts", new ScriptedEvaluator(GuardrailVerdict.Allow), needs: GuardrailNeeds.None)))
            .SetArgDisplayNames("needs no content");
        yield return new TestCaseData(StagePlan.Empty).SetArgDisplayNames("empty");
    }

    [TestCaseSource(nameof(NotNeeding))]
    public async Task Uninspected_NobodyEnforcesOnContent_Passes(object stage)
    {
        using var harness = new Harness(Plan(preRequest: (StagePlan)stage));

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, Opaque(UninspectedKind.TokenIds));

        Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow));
    }

    [Test]
    public async Task Uninspected_CountsOncePerDirection()
    {
        var stage = Stage(Entry("plugin", new ScriptedEvaluator(GuardrailVerdict.Allow)));
        using var harness = new Harness(Plan(preRequest: stage, postRequest: stage, preResponse: stage));
        var call = harness.Begin();
        var content = Opaque(UninspectedKind.Image);

        await call.EvaluateAsync(GuardrailStage.PreRequest, content);
        await call.EvaluateAsync(GuardrailStage.PostRequest, content);
        await call.EvaluateAsync(GuardrailStage.PreResponse, content);
        await call.DisposeAsync();

        Assert.That(call.Decisions.Select(d => d.NotInspected.Count), Is.EqualTo(new[] { 1, 0, 1 }));
    }

    [Test]
    public async Task TooManySegments_IsTooLarge()
    {
        var builder = new GuardrailContentBuilder();
        for (var i = 0; i < 5; i++)
        {
            builder.AddText("x", new SegmentInfo());
        }

        var plan = Plan(preRequest: Stage(Entry("plugin", GuardrailVerdict.Allow)), limits: new PlanLimits { MaxSegments = 4 });
        using var harness = new Harness(plan);

        var decision = await harness.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, builder.Build());

        Assert.That((decision.Refusal?.StatusCode, decision.Refusal?.Reason), Is.EqualTo((413, FailureReasons.LimitExceeded)));
    }

    [TestCase(GuardrailStage.PreRequest, FailureClass.Input, 415, 415)]
    [TestCase(GuardrailStage.PreRequest, FailureClass.Input, 400, 400)]
    [TestCase(GuardrailStage.PreResponse, FailureClass.Output, 502, 502)]
    [TestCase(GuardrailStage.PreResponse, FailureClass.Input, 400, 502)]
    [TestCase(GuardrailStage.PreRequest, FailureClass.Availability, 503, 503)]
    [TestCase(GuardrailStage.PreRequest, FailureClass.Input, 503, 503)]
    [TestCase(GuardrailStage.PreResponse, FailureClass.Output, 503, 503)]
    public async Task Fail_EnforcingEntryNeedsContent_Refuses(GuardrailStage stage, FailureClass failureClass, int said, int expected)
    {
        using var harness = new Harness(At(stage, Entry("plugin", new ScriptedEvaluator(GuardrailVerdict.Allow), onError: FailurePolicy.Allow)));
        await using var call = harness.Begin();

        var decision = await call.FailAsync(stage, new GuardrailFailure(failureClass, FailureReasons.Undecodable), said);

        Assert.Multiple(() =>
        {
            Assert.That(decision.Refusal?.StatusCode, Is.EqualTo(expected));
            Assert.That(decision.Refusal?.RetryAfter, said == 503 ? Is.Not.Null : Is.Null);
        });
    }

    [TestCaseSource(nameof(NotNeeding))]
    public async Task Fail_NobodyEnforcesOnContent_PassesAndIsRecorded(object stage)
    {
        using var harness = new Harness(Plan(preRequest: (StagePlan)stage));
        await using var call = harness.Begin();

        var decision = await call.FailAsync(GuardrailStage.PreRequest, new GuardrailFailure(FailureClass.Input, FailureReasons.Undecodable), 400);

        Assert.Multiple(() =>
        {
            Assert.That(decision.IsAllowed, Is.True);
            Assert.That(
                harness.Audit.Records.Where(r => r.IsMonitor).SelectMany(r => r.Entries).Select(e => e.Failure?.Reason),
                Is.EqualTo(((StagePlan)stage).Monitor.Select(_ => FailureReasons.Undecodable)));
        });
    }

    [Test]
    public async Task Fail_EditNotApplicable_RefusesWhateverTheEntriesRead()
    {
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("headers", new ScriptedEvaluator(GuardrailVerdict.Allow), needs: GuardrailNeeds.Headers)));
        await using var call = harness.Begin();

        var decision =
            await call.FailAsync(GuardrailStage.PreRequest, new GuardrailFailure(FailureClass.Input, FailureReasons.MaskNotApplicable), 403);

        Assert.That((decision.Refusal?.StatusCode, decision.Refusal?.Reason), Is.EqualTo((403, FailureReasons.MaskNotApplicable)));
    }

    [TestCase(true, 411, "sizes")]
    [TestCase(false, 413, RefusalCodes.InputUninspectable)]
    public async Task Truncated_RunsOnlyEntriesThatNeedNoContent(bool blocks, int status, string code)
    {
        var reads = new ScriptedEvaluator(GuardrailVerdict.Allow);
        var sizes = new ScriptedEvaluator(blocks ? GuardrailVerdict.Block(new GuardrailRefusal { StatusCode = 411 }) : GuardrailVerdict.Allow);
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("reads", reads),
            Entry("sizes", sizes, needs: GuardrailNeeds.BodyMetrics)));
        await using var call = harness.Begin();
        call.Describe(new RequestFacts { Body = new BodyMetrics { HasBody = true, IsTruncated = true } });

        var decision = await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.Empty);

        Assert.Multiple(() =>
        {
            Assert.That((decision.Refusal?.StatusCode, decision.Refusal?.Code), Is.EqualTo((status, code)));
            Assert.That(reads.Calls, Is.Empty);
            Assert.That(sizes.Calls, Has.Count.EqualTo(1));
        });
    }

    private static GuardrailContent Opaque(params UninspectedKind[] kinds)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("text", new SegmentInfo());
        foreach (var kind in kinds)
        {
            builder.AddOpaque(kind, new SegmentInfo());
        }

        return builder.Build();
    }
}

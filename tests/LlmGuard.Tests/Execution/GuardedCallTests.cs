using LlmGuard.Execution.Evaluations;
using LlmGuard.Tests.Execution.Doubles;
using NUnit.Framework.Constraints;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

public sealed class GuardedCallTests
{
    [Test]
    public void Begin_Ids_Are128RandomBitsInLowerHex()
    {
        using var harness = new Harness(Plan());

        var ids = Enumerable.Range(0, 100).Select(_ => harness.Begin().Id).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(ids, Is.Unique);
            Assert.That(ids, Has.All.Matches("^[0-9a-f]{32}$"));
        });
    }

    [TestCase(true, 400, RefusalCodes.AmbiguousPath)]
    [TestCase(false, 403, RefusalCodes.Unidentified)]
    public async Task Begin_Refused_SaysSoAndEveryStageRefuses(bool isAmbiguous, int status, string code)
    {
        var evaluator = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", evaluator)));
        harness.Policy.IsAmbiguous = isAmbiguous;
        harness.Policy.IsUnidentified = !isAmbiguous;
        var call = harness.Begin();

        var decision = await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.Empty);
        await call.DisposeAsync();

        Assert.Multiple(() =>
        {
            Assert.That((call.EarlyRefusal?.StatusCode, call.EarlyRefusal?.Code), Is.EqualTo((status, code)));
            Assert.That(decision.Refusal, Is.SameAs(call.EarlyRefusal));
            Assert.That(evaluator.Calls, Is.Empty);
            Assert.That(harness.Policy.Leases, Is.Zero);
        });
    }

    [TestCase(4)]
    [TestCase(9)]
    [TestCase(-1)]
    public async Task Evaluate_StageThatIsNone_NamesTheParameterAndTheStages(int number)
    {
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("plugin", new ScriptedEvaluator(GuardrailVerdict.Allow))));
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, Entry("plugin", new ScriptedEvaluator(GuardrailVerdict.Allow))));
        using var nothing = new QuietHarness(Plan());
        await using var call = harness.Begin();
        var (stage, content) = ((GuardrailStage)number, GuardrailContent.Empty);
        IResolveConstraint NamesThem() => Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("stage")
            .And.Message.Contains("PreRequest, PostRequest, PreResponse, PostResponse").And.Message.Contains($"{number}");

        Assert.Multiple(() =>
        {
            Assert.That(() => call.EvaluateAsync(stage, content).AsTask(), NamesThem());
            Assert.That(() => quiet.Guardrails.EvaluateAsync(stage, content).AsTask(), NamesThem());
            Assert.That(() => nothing.Guardrails.EvaluateAsync(stage, content).AsTask(), NamesThem());
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Evaluate_WhileEvaluatorRuns_GuardingIsSuppressedInItsFlowOnly(bool inline)
    {
        Harness? harness = null;
        var inside = new List<bool>();
        GuardrailDecision? nested = null;
        var evaluator = new ScriptedEvaluator(async (_, _) =>
        {
            inside.Add(GuardrailSuppression.IsSuppressed);
            nested = await harness!.EvaluateAsync(GuardrailStage.PreRequest, "nested", CancellationToken.None);
            return GuardrailVerdict.Block();
        });
        using var made = harness = new Harness(At(GuardrailStage.PreRequest, Entry("judge", evaluator, inline)));

        var pending = harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        var duringCaller = GuardrailSuppression.IsSuppressed;
        var decision = await pending;

        Assert.Multiple(() =>
        {
            Assert.That(inside, Is.EqualTo(new[] { true }));
            Assert.That((duringCaller, GuardrailSuppression.IsSuppressed), Is.EqualTo((false, false)));
            Assert.That(nested!.IsAllowed, Is.True);
            Assert.That(decision.IsAllowed, Is.False);
        });
    }

    [Test]
    public async Task Evaluate_MonitorAndPostResponse_AreSuppressedToo()
    {
        var seen = new List<bool>();
        ScriptedEvaluator Watch() => new((_, _) =>
        {
            lock (seen)
            {
                seen.Add(GuardrailSuppression.IsSuppressed);
            }

            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        });
        using var harness = new Harness(Plan(
            preRequest: Stage(Entry("watch", Watch(), monitor: true)),
            postResponse: Stage(Entry("last", Watch(), inline: false))));

        await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        await harness.DrainAsync();

        Assert.That(seen, Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public async Task Evaluate_MisuseOfStages_Throws()
    {
        using var harness = new Harness(Plan());
        var call = harness.Begin();

        Assert.That(async () => await call.EvaluateAsync(GuardrailStage.PostResponse, GuardrailContent.Empty), Throws.InvalidOperationException);
        await call.DisposeAsync();
        Assert.That(async () => await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.Empty), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Evaluate_AbandonedEvaluationHoldsState_NextStageStartsWithFreshState()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var states = new List<object?>();
        var evaluator = new ScriptedEvaluator(async (call, _) =>
        {
            states.Add(call.State.Value);
            call.State.Value = call.Stage;
            if (call.Stage == GuardrailStage.PreRequest)
            {
                started.SetResult();
                await release.Task;
            }

            return GuardrailVerdict.Allow;
        });
        var stage = Stage(Entry("judge", evaluator, inline: false, remote: true, onError: FailurePolicy.Allow));
        using var harness = new Harness(Plan(preRequest: stage, preResponse: stage));
        var call = harness.Begin();

        var pending = call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.Empty).AsTask();
        await started.Task;
        harness.Time.Advance(TimeSpan.FromSeconds(1) + DeadlineEvaluation.Grace);
        await pending;
        await call.EvaluateAsync(GuardrailStage.PreResponse, GuardrailContent.Empty);
        release.SetResult();
        await call.DisposeAsync();

        Assert.That(states, Is.EqualTo(new object?[] { null, null }));
    }

    [Test]
    public async Task Evaluate_EmptyPlan_AllowsWithoutRecords()
    {
        using var harness = new Harness(Plan());

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.Multiple(() =>
        {
            Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Allow));
            Assert.That(harness.Audit.Records, Is.Empty);
            Assert.That(harness.Policy.Leases, Is.Zero);
        });
    }
}

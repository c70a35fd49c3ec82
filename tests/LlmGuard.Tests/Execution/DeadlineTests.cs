using LlmGuard.Execution.Evaluations;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    private static IEnumerable<TestCaseData> Hangs() =>
        from ignores in new[] { true, false }
        from remote in new[] { true, false }
        from onError in new[] { FailurePolicy.Block, FailurePolicy.Allow }
        select new TestCaseData(ignores, remote, onError);

    [TestCaseSource(nameof(Hangs))]
    public async Task Evaluate_HangsPastDeadline_IsTimeoutOfItsClass(bool ignoresCancellation, bool remote, FailurePolicy onError)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var evaluator = new ScriptedEvaluator(async (_, token) =>
        {
            started.SetResult();
            await (ignoresCancellation ? release.Task : Task.Delay(Timeout.Infinite, token));
            return GuardrailVerdict.Block();
        });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("hangs", evaluator, inline: false, remote: remote, onError: onError)));

        var pending = harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        await started.Task;
        harness.Time.Advance(Deadline + DeadlineEvaluation.Grace);
        var decision = await pending;
        release.SetResult();

        Assert.Multiple(() =>
        {
            Assert.That(decision.Results[0].Failure,
                Is.EqualTo(new GuardrailFailure(remote ? FailureClass.Availability : FailureClass.Input, FailureReasons.Timeout)));
            Assert.That(decision.Refusal?.StatusCode, Is.EqualTo(!remote ? 403 : onError == FailurePolicy.Block ? 503 : null));
            Assert.That(decision.Results[0].FailedOpen, Is.EqualTo(remote && onError == FailurePolicy.Allow));
        });
    }

    [Test]
    public async Task Evaluate_OneThatSaysWhyWithinTheGrace_IsBelieved()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var evaluator = new ScriptedEvaluator(async (_, token) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                // It ends as asked, with a failure of its own.
            }

            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.VerdictIncomplete);
        });
        using var harness =
            new Harness(At(GuardrailStage.PreRequest, Entry("judge", evaluator, inline: false, remote: true, onError: FailurePolicy.Allow)));

        var pending = harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        await started.Task;
        harness.Time.Advance(Deadline);
        var decision = await pending;

        Assert.That(decision.Refusal?.Reason, Is.EqualTo(FailureReasons.VerdictIncomplete));
    }

    [Test]
    public async Task Evaluate_InlineOneThatWaits_FallsUnderItsDeadline()
    {
        var never = new TaskCompletionSource<GuardrailVerdict>();
        var evaluator = new ScriptedEvaluator((_, _) => new ValueTask<GuardrailVerdict>(never.Task));
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("lies", evaluator)));

        var pending = harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        harness.Time.Advance(Deadline + DeadlineEvaluation.Grace);
        var decision = await pending;

        Assert.That(decision.Results[0].Failure?.Reason, Is.EqualTo(FailureReasons.Timeout));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Evaluate_InlineOneThatEndsBehindItsDeadline_ItsVerdictCounts(bool blocks)
    {
        Harness? harness = null;
        var evaluator = new ScriptedEvaluator((_, _) =>
        {
            harness!.Time.Advance(Deadline * 2);
            return new ValueTask<GuardrailVerdict>(blocks ? GuardrailVerdict.Block() : GuardrailVerdict.Allow);
        });
        using var made = harness = new Harness(At(GuardrailStage.PreRequest, Entry("late", evaluator)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.Multiple(() =>
        {
            Assert.That(decision.IsAllowed, Is.EqualTo(!blocks));
            Assert.That(decision.Results[0].Failure, Is.Null);
            Assert.That(decision.Results[0].Elapsed, Is.EqualTo(Deadline * 2));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Evaluate_TooManyAbandoned_FailsAtOnceAndRecovers(bool inline)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new SemaphoreSlim(0);
        var hangs = true;
        var evaluator = new ScriptedEvaluator(async (_, _) =>
        {
            started.Release();
            await (hangs ? release.Task : Task.CompletedTask);
            return GuardrailVerdict.Allow;
        });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("hangs", evaluator, inline: inline)));
        for (var i = 0; i < AbandonedEvaluations.Cap; i++)
        {
            var pending = harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
            await started.WaitAsync();
            harness.Time.Advance(Deadline + DeadlineEvaluation.Grace);
            await pending;
        }

        var refused = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        var callsWhenRefused = evaluator.Calls.Count;
        hangs = false;
        release.SetResult();
        SpinWait.SpinUntil(() => !harness.Services.Abandoned.For(evaluator).IsExhausted, TimeSpan.FromMinutes(1));
        var recovered = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.Multiple(() =>
        {
            Assert.That(refused.Refusal?.Reason, Is.EqualTo(FailureReasons.Abandoned));
            Assert.That(callsWhenRefused, Is.EqualTo(AbandonedEvaluations.Cap));
            Assert.That(recovered.IsAllowed, Is.True);
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Evaluate_CallerCancels_PropagatesAndIsNeitherFailureNorAllow(bool ignoresCancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var evaluator = new ScriptedEvaluator(async (_, token) =>
        {
            started.SetResult();
            await (ignoresCancellation ? release.Task : Task.Delay(Timeout.Infinite, token));
            return GuardrailVerdict.Allow;
        });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("slow", evaluator, inline: false, onError: FailurePolicy.Allow)));
        using var caller = new CancellationTokenSource();
        var call = harness.Begin();

        var pending = call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User), caller.Token).AsTask();
        await started.Task;
        await caller.CancelAsync();

        Assert.That(async () => await pending, Throws.InstanceOf<OperationCanceledException>());
        Assert.Multiple(() =>
        {
            Assert.That(call.Decisions, Is.Empty);
            Assert.That(harness.Audit.Records, Is.Empty);
        });
        release.SetResult();
        await call.DisposeAsync();
    }

    [Test]
    public async Task Evaluate_CallerCancelsInline_Propagates()
    {
        using var caller = new CancellationTokenSource();
        var evaluator = new ScriptedEvaluator((_, token) =>
        {
            caller.Cancel();
            token.ThrowIfCancellationRequested();
            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("slow", evaluator)));

        Assert.That(async () => await harness.EvaluateAsync(GuardrailStage.PreRequest, "text", caller.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(harness.Policy.Leases, Is.Zero);
        await harness.DrainAsync();
    }

    [Test]
    public async Task Evaluate_ToldToStopByABlockingSibling_AFailureItReturnsThenIsACancellation()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new ScriptedEvaluator(async (_, token) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                // What a judge says of a long text whose questions were not all answered.
            }

            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.Timeout);
        });
        var blocker = new ScriptedEvaluator(async (_, _) =>
        {
            await started.Task;
            return GuardrailVerdict.Block();
        });
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("stopped", stopped, inline: false, parallel: true),
            Entry("blocker", blocker, inline: false, parallel: true)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        var result = decision.Results.Single(r => r.Entry.Plugin == "stopped");
        Assert.That(result.WasCancelled, Is.True);
        Assert.That(result.Failure, Is.Null);
        await harness.DrainAsync();
    }

    [Test]
    public async Task Evaluate_Call_SaysTheEntrysTimeout()
    {
        var seen = TimeSpan.Zero;
        var evaluator = new ScriptedEvaluator((call, _) =>
        {
            seen = call.Timeout;
            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("one", evaluator, timeoutMs: 1234)));

        await harness.EvaluateAsync(GuardrailStage.PreRequest, "text");

        Assert.That(seen, Is.EqualTo(TimeSpan.FromMilliseconds(1234)));
    }
}

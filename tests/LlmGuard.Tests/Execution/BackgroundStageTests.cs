using LlmGuard.Audit;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

public sealed class BackgroundStageTests
{
    private static readonly TokenUsage Usage = new(1, 2, 3);

    private static IEnumerable<TestCaseData> Endings()
    {
        yield return Case("completed", call => call.Complete(CallEnding.Completed, Usage), CallEnding.Completed, false);
        yield return Case("completed twice", call => { call.Complete(CallEnding.UpstreamFailed); call.Complete(CallEnding.Completed, Usage); },
            CallEnding.Completed, false);
        yield return Case("said nothing", _ => { }, CallEnding.Aborted, false);
        yield return Case("blocked", _ => { }, CallEnding.Blocked, true);
        yield return Case("upstream failed", call => call.Complete(CallEnding.UpstreamFailed), CallEnding.UpstreamFailed, false);
        static TestCaseData Case(string name, Action<GuardedCall> end, CallEnding expected, bool blocks) =>
            new TestCaseData(end, expected, blocks).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Endings))]
    public async Task PostResponse_EveryEnding_RunsOnce(Action<GuardedCall> end, CallEnding expected, bool blocks)
    {
        var last = new ScriptedEvaluator(GuardrailVerdict.Allow);
        var plan = Plan(
            preRequest: Stage(Entry("first", blocks ? GuardrailVerdict.Block() : GuardrailVerdict.Allow)),
            postResponse: Stage(Entry("last", last)));
        using var harness = new Harness(plan);
        var call = harness.Begin();
        await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));

        end(call);
        await call.DisposeAsync();
        await call.DisposeAsync();
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(last.Calls, Has.Count.EqualTo(1));
            Assert.That(last.Calls[0].Ending, Is.EqualTo(expected));
            Assert.That(harness.Audit.Records.Single(r => r.Stage == GuardrailStage.PostResponse).Ending, Is.EqualTo(expected));
            Assert.That(harness.Policy.Leases, Is.Zero);
        });
    }

    [Test]
    public async Task PostResponse_NoRoom_StillSettlesAndShowsNoContent()
    {
        var settling = new ScriptedEvaluator(GuardrailVerdict.Allow);
        var reading = new ScriptedEvaluator(GuardrailVerdict.Allow);
        var plan = Plan(
            preRequest: Stage(Entry("first", GuardrailVerdict.Allow)),
            postResponse: Stage(Entry("settling", settling, needs: GuardrailNeeds.Content | GuardrailNeeds.Usage), Entry("reading", reading)));
        using var harness = new Harness(plan, static o => o.MaxHeldBytes = 1);
        var call = harness.Begin();
        await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("text", SegmentRole.User));
        call.Complete(CallEnding.Completed, Usage);
        await call.DisposeAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(settling.Calls.Select(c => (c.Usage, c.Ending, c.Content.Count)),
                Is.EqualTo(new[] { (Usage, (CallEnding?)CallEnding.Completed, 0) }));
            Assert.That(reading.Calls, Is.Empty);
            Assert.That(harness.Policy.Leases, Is.Zero);
        }
    }

    [Test]
    public async Task PostResponse_CallerCancelledDuringPreRequest_RunsOnce()
    {
        var last = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var caller = new CancellationTokenSource();
        var first = new ScriptedEvaluator((_, _) =>
        {
            caller.Cancel();
            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        });
        using var harness = new Harness(Plan(preRequest: Stage(Entry("first", first)), postResponse: Stage(Entry("last", last))));
        var call = harness.Begin();

        Assert.That(
            async () => await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.Empty, caller.Token),
            Throws.InstanceOf<OperationCanceledException>());
        await call.DisposeAsync();
        await harness.DrainAsync();

        Assert.That(last.Calls.Select(c => c.Ending), Is.EqualTo(new CallEnding?[] { CallEnding.Aborted }));
    }

    [Test]
    public async Task PostResponse_NothingBegan_DoesNotRun()
    {
        var last = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var harness = new Harness(At(GuardrailStage.PostResponse, Entry("last", last)));

        await harness.Begin().DisposeAsync();
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(last.Calls, Is.Empty);
            Assert.That(harness.Policy.Leases, Is.Zero);
        });
    }

    [Test]
    public async Task PostResponse_SeesDetachedCopiesUsageAndState()
    {
        var state = new DisposableState();
        var first = new ScriptedEvaluator((call, _) =>
        {
            call.State.Value = state;
            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        });
        object? kept = null;
        string? request = null, response = null;
        var last = new ScriptedEvaluator((call, _) =>
        {
            (kept, request, response) = (call.State.Value, call.RequestContent![0].Text, call.Content[0].Text);
            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        });
        var needs = Everything | GuardrailNeeds.RequestContent | GuardrailNeeds.Usage;
        using var harness = new Harness(Plan(
            preRequest: Stage(Entry("same", first)),
            preResponse: Stage(Entry("mask", Mask(0, 6, "#"))),
            postResponse: Stage(Entry("same", last, needs: needs))));
        var bytes = "question"u8.ToArray();
        var builder = new GuardrailContentBuilder();
        builder.AddText(bytes, new SegmentInfo { Role = SegmentRole.User });
        var call = harness.Begin();
        await call.EvaluateAsync(GuardrailStage.PreRequest, builder.Build());
        await call.EvaluateAsync(GuardrailStage.PreResponse, GuardrailContent.FromText("secret answer", SegmentRole.Assistant));
        Array.Clear(bytes);
        call.DescribeResponse(200);
        call.Complete(CallEnding.Completed, Usage);
        await call.DisposeAsync();
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That((request, response), Is.EqualTo(("question", "# answer")));
            Assert.That(kept, Is.SameAs(state));
            Assert.That(last.Calls[0].Usage, Is.EqualTo(Usage));
            Assert.That(last.Calls[0].UpstreamStatus, Is.EqualTo(200));
            Assert.That(state.Disposals, Is.EqualTo(1));
            Assert.That(harness.Budget.Held, Is.Zero);
        });
    }

    [Test]
    public async Task ContentSink_AfterMasks_GetsMaskedCopiesOfBoth()
    {
        var sink = new RecordingContentSink();
        using var harness = new Harness(At(GuardrailStage.PostResponse, Entry("mask", Mask(0, 6, "#"))), null, sink);

        await RunCallAsync(harness);

        var record = sink.Records.Single();
        Assert.Multiple(() =>
        {
            Assert.That(record.Request[0].Text, Is.EqualTo("# question"));
            Assert.That(record.Response[0].Text, Is.EqualTo("# answer"));
            Assert.That(harness.Budget.Held, Is.Zero);
        });
    }

    [Test]
    public async Task ContentSink_MaskFails_GetsNothingAndLaterReadersNeither()
    {
        var sink = new RecordingContentSink();
        var later = new ScriptedEvaluator(GuardrailVerdict.Allow);
        var settles = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var harness = new Harness(
            At(
                GuardrailStage.PostResponse,
                Entry("mask", new ScriptedEvaluator((_, _) => throw new InvalidOperationException("boom"))),
                Entry("later", later, rewrites: false),
                Entry("settles", settles, rewrites: false, needs: GuardrailNeeds.Usage)),
            null,
            sink);

        await RunCallAsync(harness);

        Assert.Multiple(() =>
        {
            Assert.That(sink.Records, Is.Empty);
            Assert.That(later.Calls, Is.Empty);
            Assert.That(settles.Calls, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task ContentSink_NoRoomForCopies_GetsNothingAndTheCallPasses()
    {
        var sink = new RecordingContentSink();
        using var harness = new Harness(Plan(), o => o.MaxHeldBytes = 1024, sink);
        harness.Budget.TryTake(1000);

        var decision = await RunCallAsync(harness);

        Assert.Multiple(() =>
        {
            Assert.That(decision.IsAllowed, Is.True);
            Assert.That(sink.Records, Is.Empty);
            Assert.That(harness.Budget.Held, Is.EqualTo(1000));
        });
    }

    [Test]
    public async Task RequestCopy_NeededAndNoRoom_RefusesWith503WhateverOnErrorSays()
    {
        var entry = Entry("last", new ScriptedEvaluator(GuardrailVerdict.Allow), onError: FailurePolicy.Allow, needs: GuardrailNeeds.RequestContent);
        using var harness = new Harness(At(GuardrailStage.PostResponse, entry), o => o.MaxHeldBytes = 1024);
        harness.Budget.TryTake(1000);

        var decision = await RunCallAsync(harness);

        Assert.Multiple(() =>
        {
            Assert.That((decision.Refusal?.StatusCode, decision.Refusal?.Code), Is.EqualTo((503, RefusalCodes.Unavailable)));
            Assert.That(decision.Refusal?.RetryAfter, Is.Not.Null);
        });
    }

    [Test]
    public async Task Monitor_SeesWhatTheStageLeft_AndChangesNothing()
    {
        var monitor = new ScriptedEvaluator(GuardrailVerdict.Block());
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("mask", Mask(0, 6, "#")), Entry("watch", monitor, monitor: true)));

        var decision = await harness.EvaluateAsync(GuardrailStage.PreRequest, "secret text");
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(decision.Action, Is.EqualTo(GuardrailAction.Modify));
            Assert.That(monitor.Texts, Is.EqualTo(new[] { "# text" }));
            Assert.That(harness.Audit.Records.Single(r => r.IsMonitor).Action, Is.EqualTo(GuardrailAction.Block));
        });
    }

    [Test]
    public async Task Monitor_StageBlocked_SeesWhatWasThere()
    {
        var monitor = new ScriptedEvaluator(GuardrailVerdict.Allow);
        using var harness = new Harness(At(
            GuardrailStage.PreRequest,
            Entry("mask", Mask(0, 6, "#")),
            Entry("block", GuardrailVerdict.Block()),
            Entry("watch", monitor, monitor: true)));

        await harness.EvaluateAsync(GuardrailStage.PreRequest, "secret text");
        await harness.DrainAsync();

        Assert.That(monitor.Texts, Is.EqualTo(new[] { "# text" }));
    }

    [Test]
    public async Task Monitor_Hangs_RequestDoesNotWait_PostResponseComesAfter()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var order = new List<string>();
        var monitor = new ScriptedEvaluator(async (_, _) =>
        {
            await release.Task;
            order.Add("monitor");
            return GuardrailVerdict.Allow;
        });
        var last = new ScriptedEvaluator((_, _) =>
        {
            order.Add("last");
            return new ValueTask<GuardrailVerdict>(GuardrailVerdict.Allow);
        });
        using var harness = new Harness(Plan(
            preRequest: Stage(Entry("watch", monitor, inline: false, monitor: true)),
            postResponse: Stage(Entry("last", last))));

        var pending = harness.EvaluateAsync(GuardrailStage.PreRequest, "text");
        var isDone = pending.IsCompleted;
        release.SetResult();
        await pending;
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(isDone, Is.True);
            Assert.That(order, Is.EqualTo(new[] { "monitor", "last" }));
        });
    }

    [Test]
    public async Task Monitor_QueueFull_DropsCountsAndLogs()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var monitor = new ScriptedEvaluator(async (_, _) =>
        {
            await release.Task;
            return GuardrailVerdict.Allow;
        });
        using var harness = new Harness(
            At(GuardrailStage.PreRequest, Entry("watch", monitor, inline: false, monitor: true)),
            o => o.MaxMonitorQueueBytes = 4096);

        for (var i = 0; i < 20; i++)
        {
            await harness.EvaluateAsync(GuardrailStage.PreRequest, new string('x', 100));
        }

        var bytes = harness.Services.Monitors.Bytes;
        release.SetResult();
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(bytes, Is.LessThanOrEqualTo(4096));
            Assert.That(monitor.Calls, Has.Count.EqualTo(4));
            Assert.That(
                harness.Log.Lines.Count(l => l.Event.Id == 8 && l.Text.Contains("Monitoring work", StringComparison.Ordinal)), Is.EqualTo(16));
            Assert.That(harness.Services.Monitors.Bytes, Is.Zero);
            Assert.That(harness.Policy.Leases, Is.Zero);
        });
    }

    private static async Task<GuardrailDecision> RunCallAsync(Harness harness)
    {
        var call = harness.Begin();
        var decision = await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("secret question", SegmentRole.User));
        await call.EvaluateAsync(GuardrailStage.PreResponse, GuardrailContent.FromText("secret answer", SegmentRole.Assistant));
        call.Complete(CallEnding.Completed);
        await call.DisposeAsync();
        await harness.DrainAsync();
        return decision;
    }

    private sealed class DisposableState : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }

    private sealed class RecordingContentSink : IGuardrailContentSink
    {
        public List<GuardrailContentRecord> Records { get; } = [];

        public ValueTask WriteAsync(GuardrailContentRecord record, CancellationToken cancellationToken)
        {
            Records.Add(record);
            return ValueTask.CompletedTask;
        }
    }
}

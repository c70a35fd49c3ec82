using LlmGuard.Audit;
using LlmGuard.Telemetry;
using LlmGuard.Tests.Execution.Doubles;
using LlmGuard.Tests.Metrics;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Audit;

public sealed class ContentTrailTests
{
    /// <summary>Room for one record of <see cref="RunCallAsync"/> and not for two.</summary>
    private const int RoomForOne = 1500;

    [Test]
    public async Task Call_WithoutSink_KeepsNoCopies()
    {
        using var without = new Harness(Plan());
        using var with = new Harness(Plan(), null, new Sink());

        Assert.That((await HeldAfterRequestAsync(without), await HeldAfterRequestAsync(with) > 0), Is.EqualTo((0L, true)));
    }

    [Test]
    public async Task Write_SinkIsBehind_DropsCountsAndSaysSoAndTheOtherGetsAll()
    {
        var release = new TaskCompletionSource();
        var slow = new Sink(release.Task);
        var quick = new Sink();
        using var harness = new Harness(Plan(), o => o.MaxMonitorQueueBytes = RoomForOne, slow, quick);
        using var dropped = new CounterReader(harness.Meters, TelemetryNames.ContentDropped);

        for (var call = 1; call <= 4; call++)
        {
            await RunCallAsync(harness);
            await harness.Services.PostResponses.DrainAsync(TimeSpan.FromDays(1), TimeProvider.System, CancellationToken.None);
            await quick.UntilAsync(call);
        }

        var heldForTheSlow = harness.Budget.Held;
        release.SetResult();
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That((slow.Given, quick.Given), Is.EqualTo((1, 4)));
            Assert.That(dropped.Total, Is.EqualTo(3));
            Assert.That(harness.Log.Lines.Count(static l => l.Event.Id == 14 && l.Text.Contains(typeof(Sink).FullName!, StringComparison.Ordinal)),
                Is.EqualTo(3));
            Assert.That(heldForTheSlow, Is.Zero, "what waits for a sink has room of its own");
        });
    }

    [Test]
    public async Task Drain_SinkThatHangs_CancelsItAndSaysSo()
    {
        var hangs = new Sink(new TaskCompletionSource().Task);
        using var harness = new Harness(Plan(), null, hangs);
        await RunCallAsync(harness);
        await harness.Services.PostResponses.DrainAsync(TimeSpan.FromDays(1), TimeProvider.System, CancellationToken.None);
        await hangs.UntilAsync(1);

        await harness.Services.Contents.DrainAsync(TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        await harness.DrainAsync();

        Assert.That(
            harness.Log.Lines.Where(static l => l.Event.Id is 6 or 10).Select(static l => l.Event.Id),
            Is.EqualTo(new[] { 10, 6 }),
            "one was left, and it was cancelled");
    }

    private static async Task<long> HeldAfterRequestAsync(Harness harness)
    {
        await using var call = harness.Begin();
        await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("question", SegmentRole.User));
        return harness.Budget.Held;
    }

    private static async Task RunCallAsync(Harness harness)
    {
        var call = harness.Begin();
        await call.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("question", SegmentRole.User));
        await call.EvaluateAsync(GuardrailStage.PreResponse, GuardrailContent.FromText("answer", SegmentRole.Assistant));
        call.Complete(CallEnding.Completed);
        await call.DisposeAsync();
    }

    private sealed class Sink(Task? until = null) : IGuardrailContentSink
    {
        private readonly SemaphoreSlim _given = new(0);
        private int _count;

        public int Given => Volatile.Read(ref _count);

        public async Task UntilAsync(int count)
        {
            while (Given < count)
            {
                await _given.WaitAsync();
            }
        }

        public async ValueTask WriteAsync(GuardrailContentRecord record, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            _given.Release();
            await (until ?? Task.CompletedTask).WaitAsync(cancellationToken);
        }
    }
}

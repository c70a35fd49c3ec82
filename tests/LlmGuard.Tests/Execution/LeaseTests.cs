using System.Buffers;
using System.Text;
using LlmGuard.Execution;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

public sealed class LeaseTests
{
    private const int Length = 64;

    [Test]
    public async Task Abandoned_WakesAfterOthersReusedThePool_ReadsItsOwnBytes()
    {
        var pool = ArrayPool<byte>.Create(Length, 4);
        var wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var hangs = new ScriptedEvaluator(async (call, _) =>
        {
            if (Encoding.UTF8.GetString(call.Content[0].Utf8.Span)[0] == 'A')
            {
                started.SetResult();
                await wake.Task;
                seen.SetResult(Encoding.UTF8.GetString(call.Content[0].Utf8.Span));
            }

            return GuardrailVerdict.Allow;
        });
        using var harness = new Harness(At(GuardrailStage.PreRequest, Entry("hangs", hangs, inline: false)));
        var first = new PooledText(pool, 'A');
        var pending = RunAsync(harness, first);
        await started.Task;
        harness.Time.Advance(TimeSpan.FromSeconds(1) + DeadlineEvaluation.Grace);
        var decision = await pending;
        var returnedWhileRead = first.IsReturned;

        for (var i = 0; i < 1000; i++)
        {
            await RunAsync(harness, new PooledText(pool, (char)('B' + (i % 20))));
        }

        wake.SetResult();
        var text = await seen.Task;
        SpinWait.SpinUntil(() => first.IsReturned && harness.Policy.Leases == 0, TimeSpan.FromMinutes(1));

        Assert.Multiple(() =>
        {
            Assert.That(decision.Refusal?.Reason, Is.EqualTo(FailureReasons.Timeout));
            Assert.That(returnedWhileRead, Is.False);
            Assert.That(text, Is.EqualTo(new string('A', Length)));
            Assert.That(first.IsReturned, Is.True);
            Assert.That(harness.Policy.Leases, Is.Zero);
        });
    }

    [Test]
    public async Task Tenants_Concurrent_NeverSeeEachOthersMarker()
    {
        var pool = ArrayPool<byte>.Create(Length, 8);
        var mixed = 0;
        ValueTask<GuardrailVerdict> Judge(GuardrailCall call)
        {
            var text = call.Content[0].Text;
            if (text.Any(c => c != text[0]) || (call.State.Value ??= text[0]) is char first && first != text[0])
            {
                Interlocked.Increment(ref mixed);
            }

            return new ValueTask<GuardrailVerdict>(Mask(0, 1, text[..1]));
        }

        var pooled = new ScriptedEvaluator(async (call, _) =>
        {
            await Task.Yield();
            return await Judge(call);
        });
        var plan = Plan(
            preRequest: Stage(Entry("inline", new ScriptedEvaluator((c, _) => Judge(c))), Entry("pool", pooled, inline: false),
                Entry("watch", new ScriptedEvaluator((c, _) => Judge(c)), monitor: true)),
            postResponse: Stage(Entry("last", new ScriptedEvaluator(GuardrailVerdict.Allow))));
        using var harness = new Harness(plan);

        var decisions =
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => RunAsync(harness, new PooledText(pool, i % 2 == 0 ? 'A' : 'B')))));
        await harness.DrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(mixed, Is.Zero);
            Assert.That(decisions.Select(d => d.IsAllowed), Has.All.True);
            Assert.That(harness.Policy.Leases, Is.Zero);
            Assert.That(harness.Budget.Held, Is.Zero);
            Assert.That(harness.Services.Monitors.Bytes, Is.Zero);
        });
    }

    [Test]
    public void Release_LastUser_DisposesOnceAndLateAttachmentsAtOnce()
    {
        var lease = new SharedLease();
        var early = new CountingDisposable();
        var late = new CountingDisposable();
        lease.Attach(early);
        var retained = lease.TryRetain();
        lease.Release();
        var whileUsed = early.Count;
        lease.Release();
        lease.Attach(late);

        Assert.Multiple(() =>
        {
            Assert.That(retained, Is.True);
            Assert.That(whileUsed, Is.Zero);
            Assert.That((early.Count, late.Count), Is.EqualTo((1, 1)));
            Assert.That(lease.TryRetain(), Is.False);
        });
    }

    private static async Task<GuardrailDecision> RunAsync(Harness harness, PooledText text)
    {
        var call = harness.Begin();
        call.AttachBuffers(text);
        var builder = new GuardrailContentBuilder();
        builder.AddText(text.Utf8, new SegmentInfo { Role = SegmentRole.User });
        var decision = await call.EvaluateAsync(GuardrailStage.PreRequest, builder.Build());
        call.Complete(CallEnding.Completed);
        await call.DisposeAsync();
        return decision;
    }

    private sealed class CountingDisposable : IDisposable
    {
        public int Count { get; private set; }

        public void Dispose() => Count++;
    }

    private sealed class PooledText : IDisposable
    {
        private readonly ArrayPool<byte> _pool;
        private readonly byte[] _array;
        private int _returned;

        public PooledText(ArrayPool<byte> pool, char letter)
        {
            _pool = pool;
            _array = pool.Rent(Length);
            Utf8 = _array.AsMemory(0, Length);
            Utf8.Span.Fill((byte)letter);
        }

        public Memory<byte> Utf8 { get; }

        public bool IsReturned => Volatile.Read(ref _returned) == 1;

        public void Dispose()
        {
            _pool.Return(_array, clearArray: true);
            Volatile.Write(ref _returned, 1);
        }
    }
}

using LlmGuard.Counters;
using LlmGuard.Counters.Memory;

namespace LlmGuard.Tests.Counters;

/// <summary>What a call still does to the store after it was charged.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CounterReservationTests : IDisposable
{
    private static readonly GuardrailEntry Entry = new("gateway", "Gateway", "limits", "rate_limiter");
    private static readonly CounterLimit PerMinute = new(Entry, "global", CounterAlgorithm.FixedWindow, 10, TimeSpan.FromMinutes(1));
    private static readonly CounterLimit AtOnce = new(Entry, "at_once", CounterAlgorithm.Concurrency, 1, GuardrailCounters.LeaseDuration);

    private readonly ManualTime _time = new();
    private readonly CounterMetrics _metrics = new(null);
    private readonly RecordingStore _store = new();
    private readonly GuardrailCounters _counters;

    public CounterReservationTests() =>
        _counters = new GuardrailCounters(_store, new InMemoryCounterStore(64, _time, _metrics), _time, _metrics);

    public void Dispose()
    {
        _counters.Dispose();
        _metrics.Dispose();
    }

    [Test]
    public async Task Settle_WhatWasRefused_IsNotTakenBack()
    {
        _store.Passes = false;
        using var reservation = await _counters.ChargeAsync([new CounterCharge(PerMinute, "a", 5)], default);
        await reservation.SettleAsync([1], default);
        Assert.That(_store.Settled, Is.Empty);
    }

    [TestCase(-5, 0)]
    [TestCase(long.MaxValue, CounterLimit.MaxValue)]
    public async Task Settle_CostOutOfRange_IsTheNearestThatCounts(long actual, long expected)
    {
        using var reservation = await _counters.ChargeAsync([new CounterCharge(PerMinute, "a", 5)], default);
        await reservation.SettleAsync([actual], default);
        Assert.That(_store.Settled.Single().Actual, Is.EqualTo(expected));
    }

    [Test]
    public async Task Renewal_CallThatSomebodyLost_IsGivenUpAfterAnHour()
    {
        using var reservation = await _counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.That(_store.Renewals, Is.EqualTo(3 * 60), "three times in a lease of a minute");
    }

    [Test]
    public async Task Renewal_StoreThatHasNotAnswered_IsNotAskedAgain()
    {
        using var reservation = await _counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        _store.Answer = new TaskCompletionSource();
        _time.Advance(GuardrailCounters.LeaseDuration);
        Assert.That(_store.Renewals, Is.EqualTo(1));
        await AnswerAsync();
        _time.Advance(GuardrailCounters.LeaseDuration);
        Assert.That(_store.Renewals, Is.EqualTo(1 + 3));
    }

    [Test]
    public async Task Renewal_SettledMeanwhile_EndsTheLeaseOnceMore()
    {
        using var reservation = await _counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        _store.Answer = new TaskCompletionSource();
        _time.Advance(GuardrailCounters.LeaseDuration / 3);
        await reservation.SettleAsync(null, default);
        await AnswerAsync();
        Assert.That(_store.Settled, Has.Count.EqualTo(2), "whichever came last in the store, the lease is gone");
    }

    // Away from the test's own context, so that whoever waits has gone on when it returns.
    private Task AnswerAsync() => Task.Run(_store.Answer!.SetResult);

    private sealed class RecordingStore : ICounterStore
    {
        public bool Passes { get; set; } = true;

        public int Renewals { get; private set; }

        public List<CounterSettlement> Settled { get; } = [];

        public TaskCompletionSource? Answer { get; set; }

        public ValueTask<bool> ChargeAsync(
            ReadOnlyMemory<CounterCharge> charges, Memory<CounterState> states,
            CancellationToken cancellationToken = default) =>
            new(Passes);

        public ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken = default)
        {
            Settled.AddRange(settlements.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken = default)
        {
            Renewals++;
            return Answer is { } answer ? new ValueTask(answer.Task) : ValueTask.CompletedTask;
        }
    }
}

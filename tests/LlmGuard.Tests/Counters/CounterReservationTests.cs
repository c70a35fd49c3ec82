using System.Diagnostics.Metrics;
using LlmGuard.Counters;
using LlmGuard.Counters.Memory;
using LlmGuard.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task Settle_Twice_OnlyTheFirstCounts()
    {
        using var reservation = await _counters.ChargeAsync([new CounterCharge(PerMinute, "a", 5)], default);
        await reservation.SettleAsync([1], default);
        await reservation.SettleAsync([0], default);
        Assert.That(_store.Settled.Single().Actual, Is.EqualTo(1));
    }

    [Test]
    public async Task Settle_NothingSaidOfTheCosts_EndsLeasesAndLeavesTheRest()
    {
        using var reservation = await _counters.ChargeAsync([new CounterCharge(PerMinute, "a", 5), new CounterCharge(AtOnce, "a")], default);
        await reservation.SettleAsync(null, default);
        Assert.That(_store.Settled.Select(static s => (s.Charged, s.Actual)), Is.EqualTo(new[] { (5L, 5L), (1L, 0L) }));
    }

    [Test]
    public async Task Settle_OtherNumberOfCosts_Throws()
    {
        using var reservation = await _counters.ChargeAsync([new CounterCharge(PerMinute, "a", 5)], default);
        Assert.That(async () => await reservation.SettleAsync([1, 2], default), Throws.ArgumentException);
        Assert.That(_store.Settled, Is.Empty);
    }

    [TestCase(false, 1)]
    [TestCase(true, 1)]
    public async Task Dispose_Lease_IsEndedOnce(bool isSettled, int ends)
    {
        var reservation = await _counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        if (isSettled)
        {
            await reservation.SettleAsync(null, default);
        }

        reservation.Dispose();
        _time.Advance(GuardrailCounters.LeaseDuration);
        Assert.That((_store.Settled.Count, _store.Renewals), Is.EqualTo((ends, 0)));
    }

    [Test]
    public async Task Renewal_OfWhatWasRefused_DoesNotHappen()
    {
        _store.Passes = false;
        using var reservation = await _counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        _time.Advance(GuardrailCounters.LeaseDuration);
        Assert.That(_store.Renewals, Is.Zero, "it would take a place that nobody ever gives back");
    }

    [Test]
    public async Task Dispose_OfTheCounters_EndsRenewal()
    {
        using var reservation = await _counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        _store.Answer = new TaskCompletionSource();
        _time.Advance(GuardrailCounters.LeaseDuration / 3);
        _counters.Dispose();
        Assert.That(_store.Stop.IsCancellationRequested, Is.True);
        await AnswerAsync();
        _time.Advance(GuardrailCounters.LeaseDuration);
        Assert.That(_store.Renewals, Is.EqualTo(1));
    }

    [Test]
    public async Task Charge_StoreIsAway_CountsHereAndSaysSoUntilItIsBack()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var degraded = new CounterReader(meters, "llmguard.counters.degraded");
        using var metrics = new CounterMetrics(meters);
        using var counters = new GuardrailCounters(_store, new InMemoryCounterStore(64, _time, metrics), _time, metrics);
        _store.IsAway = true;
        using var here = await counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        using var refused = await counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        var seen = (here.IsCharged, here.IsDegraded, refused.IsCharged, refused.IsDegraded, counters.IsDegraded, degraded.Total);

        await here.SettleAsync(null, default);
        using var again = await counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);
        _store.IsAway = false;
        using var there = await counters.ChargeAsync([new CounterCharge(AtOnce, "a")], default);

        Assert.That(seen, Is.EqualTo((true, true, false, true, true, 2L)));
        Assert.That((again.IsCharged, there.IsDegraded, counters.IsDegraded, degraded.Total), Is.EqualTo((true, false, false, 3L)));
        Assert.That(_store.Settled, Is.Empty, "what was charged here ends here");
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

        public bool IsAway { get; set; }

        public CancellationToken Stop { get; private set; }

        public int Renewals { get; private set; }

        public List<CounterSettlement> Settled { get; } = [];

        public TaskCompletionSource? Answer { get; set; }

        public ValueTask<bool> ChargeAsync(
            ReadOnlyMemory<CounterCharge> charges, Memory<CounterState> states,
            CancellationToken cancellationToken = default) =>
            IsAway ? throw new CounterStoreException() : new(Passes);

        public ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken = default)
        {
            Settled.AddRange(settlements.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken = default)
        {
            Renewals++;
            Stop = cancellationToken;
            return Answer is { } answer ? new ValueTask(answer.Task) : ValueTask.CompletedTask;
        }
    }
}

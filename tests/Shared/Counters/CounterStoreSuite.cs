using LlmGuard.Counters;

namespace LlmGuard.Tests.Counters;

/// <summary>What every counter store must do. A store's fixture says how to make one and how its clock moves.</summary>
public abstract partial class CounterStoreSuite
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly CounterAlgorithm[] Windowed = [CounterAlgorithm.SlidingWindow, CounterAlgorithm.Gcra, CounterAlgorithm.FixedWindow];

    private int _entries;

    /// <summary>The store under test; its counters may be left over from other tests.</summary>
    protected abstract ICounterStore Store { get; }

    /// <summary>Moves the store's clock, also back.</summary>
    protected abstract void Advance(TimeSpan by);

    /// <summary>Moves the clock to the beginning of one of its windows.</summary>
    protected abstract void Align(TimeSpan window);

    /// <summary>A limit that no other test has.</summary>
    protected CounterLimit Limit(CounterAlgorithm algorithm, long limit, TimeSpan? window = null, long? burst = null)
    {
        var entry = new GuardrailEntry("gateway", TestContext.CurrentContext.Test.ID, $"entry{Interlocked.Increment(ref _entries)}", "rate_limiter");
        return new CounterLimit(entry, "global", algorithm, limit, window ?? Minute, burst);
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_UpToTheLimit_PassesAndCountsDown(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 3);
        Assert.That(await Many(limit, 5), Is.EqualTo(new[] { (true, 2L), (true, 1L), (true, 0L), (false, 0L), (false, 0L) }));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_ByManyAtOnce_PassesExactlyTheLimit(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 100);
        var passed = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => (await Charge(limit)).Passed)));
        Assert.That(passed.Count(p => p), Is.EqualTo(100));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_WhatCostsMore_LeavesRoomForLess(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 10);
        Assert.That(await Charge(limit, 7), Is.EqualTo((true, 3L)));
        Assert.That(await Charge(limit, 4), Is.EqualTo((false, 3L)), "a refusal charges nothing");
        Assert.That(await Charge(limit, 3), Is.EqualTo((true, 0L)));
        Assert.That(await Charge(limit, 0), Is.EqualTo((true, 0L)), "what costs nothing fits");
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_MoreThanTheLimitEverGives_HasNoRetry(CounterAlgorithm algorithm)
    {
        var state = await State(Limit(algorithm, 5), 6);
        Assert.That((state.IsExceeded, state.RetryAfter, state.Remaining, state.ResetAfter), Is.EqualTo((true, (TimeSpan?)null, 5L, TimeSpan.Zero)));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_TwoLimitsAndTheSecondRefuses_TheFirstIsNotCharged(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var (first, second) = (Limit(algorithm, 10), Limit(algorithm, 1));
        var states = new CounterState[2];
        Assert.That(await Store.ChargeAsync(new[] { new CounterCharge(first, "a"), new CounterCharge(second, "a") }, states), Is.True);
        Assert.That(states.Select(s => s.Remaining), Is.EqualTo(new[] { 9L, 0L }));
        Assert.That(await Store.ChargeAsync(new[] { new CounterCharge(first, "a"), new CounterCharge(second, "a") }, states), Is.False);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(states.Select(s => (s.IsExceeded, s.Remaining)), Is.EqualTo(new[] { (false, 9L), (true, 0L) }));
            Assert.That(await Charge(first, 9), Is.EqualTo((true, 0L)));
        }
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_TwoLimitsAndTheFirstRefuses_TheSecondIsNotCharged(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var (first, second) = (Limit(algorithm, 1), Limit(algorithm, 10));
        var charges = new[] { new CounterCharge(first, "a"), new CounterCharge(second, "a") };
        var states = new CounterState[2];
        Assert.That(await Store.ChargeAsync(charges, states), Is.True);
        Assert.That(await Store.ChargeAsync(charges, states), Is.False);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(states.Select(s => (s.IsExceeded, s.Remaining)), Is.EqualTo(new[] { (true, 0L), (false, 9L) }));
            Assert.That(await Charge(second, 9), Is.EqualTo((true, 0L)));
        }
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_AllOfTheLimitWhenSomeIsTaken_HasARetry(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 10);
        await Charge(limit);
        var refused = await State(limit, 10);
        Assert.That(refused.RetryAfter, Is.Not.Null);
        Advance(refused.RetryAfter!.Value);
        Assert.That(await Charge(limit, 10), Is.EqualTo((true, 0L)));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_NothingOfWhatIsWhole_HasNothingToWaitFor(CounterAlgorithm algorithm)
    {
        var state = await State(Limit(algorithm, 5), 0);
        Assert.That((state.IsExceeded, state.Remaining, state.ResetAfter, state.RetryAfter),
            Is.EqualTo((false, 5L, TimeSpan.Zero, (TimeSpan?)TimeSpan.Zero)));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_OtherSubject_HasItsOwnCounter(CounterAlgorithm algorithm)
    {
        var limit = Limit(algorithm, 1);
        Assert.That((await Charge(limit, 1, "a"), await Charge(limit, 1, "b")), Is.EqualTo(((true, 0L), (true, 0L))));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_AfterRetryAfter_PassesAndNotBefore(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 10);
        await Charge(limit, 10);
        var refused = await State(limit, 4);
        Assert.That(refused.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        Advance(refused.RetryAfter!.Value - TimeSpan.FromSeconds(1));
        Assert.That((await Charge(limit, 4)).Passed, Is.False);
        Advance(TimeSpan.FromSeconds(1));
        Assert.That((await Charge(limit, 4)).Passed, Is.True);
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_AfterResetAfter_HasMoreLeft(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 10);
        await Charge(limit, 10);
        Advance((await State(limit, 0)).ResetAfter);
        Assert.That((await State(limit, 0)).Remaining, Is.EqualTo(10));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_WithALargerLimitOfTheSameName_GoesOnCounting(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var entry = new GuardrailEntry("rule", "/a", TestContext.CurrentContext.Test.ID, "rate_limiter");
        await Charge(new CounterLimit(entry, "global", algorithm, 5, Minute), 5);
        Assert.That(await Charge(new CounterLimit(entry, "global", algorithm, 8, Minute), 2), Is.EqualTo((true, 1L)));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_TheClockGoesBack_NothingIsForgiven(CounterAlgorithm algorithm)
    {
        Align(Minute);
        Advance(Minute * 3);
        var limit = Limit(algorithm, 2);
        await Charge(limit, 2);
        Advance(Minute * -2);
        Assert.That(await Charge(limit), Is.EqualTo((false, 0L)));
        Advance(Minute * 2);
        Assert.That(await Charge(limit), Is.EqualTo((false, 0L)));
        Advance(Minute * 1.2);
        Assert.That((await Charge(limit)).Passed, Is.True);
    }

    [Test]
    public async Task SlidingWindow_HoldsWhereverTheWindowStarts()
    {
        Align(Minute);
        var limit = Limit(CounterAlgorithm.SlidingWindow, 10);
        Advance(TimeSpan.FromSeconds(59));
        await Charge(limit, 10);
        Advance(TimeSpan.FromSeconds(59));
        Assert.That((await Charge(limit)).Passed, Is.False, "59 s later");
        Advance(TimeSpan.FromSeconds(8.5));
        Assert.That((await Charge(limit)).Passed, Is.True, "at most an eighth after the window");
    }

    [Test]
    public async Task Gcra_Burst_IsAllAtOnceAndComesBackEvenly()
    {
        var limit = Limit(CounterAlgorithm.Gcra, 60, Minute, burst: 5);
        Assert.That(await Charge(limit, 5), Is.EqualTo((true, 0L)));
        Assert.That((await State(limit)).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)).Within(TimeSpan.FromMilliseconds(50)));
        Advance(TimeSpan.FromSeconds(2));
        Assert.That(await Charge(limit, 2), Is.EqualTo((true, 0L)));
        Advance(TimeSpan.FromMinutes(10));
        Assert.That(await Charge(limit, 5), Is.EqualTo((true, 0L)), "no more than the burst is saved up");
    }

    [Test]
    public async Task FixedWindow_EndsForAllAtTheSameTime()
    {
        Align(Minute);
        var limit = Limit(CounterAlgorithm.FixedWindow, 1);
        Advance(TimeSpan.FromSeconds(59));
        await Charge(limit);
        Assert.That((await State(limit)).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)).Within(TimeSpan.FromMilliseconds(50)));
        Advance(TimeSpan.FromSeconds(1));
        Assert.That(await Charge(limit), Is.EqualTo((true, 0L)));
    }

    [Test]
    public void Charge_TheSameTwiceOrNegative_IsRefused()
    {
        var limit = Limit(CounterAlgorithm.FixedWindow, 5);
        var states = new CounterState[2];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(async () => await Store.ChargeAsync(new[] { new CounterCharge(limit, "a"), new CounterCharge(limit, "a") }, states),
                Throws.ArgumentException);
            Assert.That(async () => await Store.ChargeAsync(new[] { new CounterCharge(limit, "a", -1) }, states), Throws.ArgumentException);
            Assert.That(
                async () => await Store.ChargeAsync(new[] { new CounterCharge(limit, "a", CounterLimit.MaxValue + 1) }, states),
                    Throws.ArgumentException);
            Assert.That(
                async () => await Store.ChargeAsync(new[] { new CounterCharge(Limit(CounterAlgorithm.Concurrency, 5), "a", 2) }, states),
                Throws.ArgumentException, "a call takes one place");
            Assert.That(
                async () => await Store.ChargeAsync(new[] { new CounterCharge(limit, "b"), new CounterCharge(limit, "c") }, states), Throws.Nothing);
            Assert.That(
                async () => await Store.ChargeAsync(new[] { new CounterCharge(limit, "a") }, Memory<CounterState>.Empty), Throws.ArgumentException);
        }
    }

    [Test]
    public void Charge_Cancelled_IsTheCallersCancellation() => Assert.That(
        async () =>
            await Store.ChargeAsync(new[] { new CounterCharge(Limit(CounterAlgorithm.Gcra, 1), "a") }, new CounterState[1],
            new CancellationToken(true)),
        Throws.InstanceOf<OperationCanceledException>());

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_LargeNumbers_CountExactly(CounterAlgorithm algorithm)
    {
        Align(TimeSpan.FromDays(30));
        var limit = Limit(algorithm, 1_000_000_000_000, TimeSpan.FromDays(30));
        await Charge(limit, 999_999_999_998);
        Assert.That((await Charge(limit, 3), await Charge(limit, 2)), Is.EqualTo(((false, 2L), (true, 0L))));
    }

    protected async Task<(bool Passed, long Remaining)> Charge(CounterLimit limit, long cost = 1, string subject = "a")
    {
        var states = new CounterState[1];
        var passed = await Store.ChargeAsync(new[] { new CounterCharge(limit, subject, cost) }, states);
        return passed != states[0].IsExceeded ? (passed, states[0].Remaining) : throw new InvalidOperationException("answer and state differ");
    }

    protected async Task<CounterState> State(CounterLimit limit, long cost = 1)
    {
        var states = new CounterState[1];
        await Store.ChargeAsync(new[] { new CounterCharge(limit, "a", cost) }, states);
        return states[0];
    }

    protected ValueTask Settle(CounterLimit limit, in CounterState state, long charged, long actual) =>
        Store.SettleAsync(new[] { new CounterSettlement(limit, "a", state.Receipt, charged, actual) });

    private async Task<List<(bool Passed, long Remaining)>> Many(CounterLimit limit, int count)
    {
        var results = new List<(bool, long)>();
        for (var i = 0; i < count; i++)
        {
            results.Add(await Charge(limit));
        }

        return results;
    }
}

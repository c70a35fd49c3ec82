using LlmGuard.Counters;

namespace LlmGuard.Tests.Counters;

/// <content>What is settled after a charge, and places that are held for a while.</content>
public abstract partial class CounterStoreSuite
{
    [TestCaseSource(nameof(Windowed))]
    public async Task Settle_Less_GivesBack(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 100);
        var charged = await State(limit, 80);
        await Settle(limit, charged, 80, 30);
        Assert.That((await State(limit, 0)).Remaining, Is.EqualTo(70));
        await Settle(limit, charged, 30, 0);
        Assert.That((await State(limit, 0)).Remaining, Is.EqualTo(100));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Settle_LessThanThereIs_LeavesNoCredit(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 100);
        var charged = await State(limit, 80);
        await Settle(limit, charged, 80, 0);
        await Settle(limit, charged, 80, 0);
        Assert.That((await State(limit, 0)).Remaining, Is.EqualTo(100));
        Assert.That((await Charge(limit, 101)).Passed, Is.False);
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Settle_More_IsOwedBeyondTheLimit(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 100);
        var charged = await State(limit, 80);
        await Settle(limit, charged, 80, 150);
        var state = await State(limit);
        Assert.That((state.IsExceeded, state.Remaining), Is.EqualTo((true, 0L)));
        Advance(state.RetryAfter!.Value);
        Assert.That((await Charge(limit)).Passed, Is.True);
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Settle_LessAfterItStoppedCounting_GivesNothing(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 100);
        var charged = await State(limit, 100);
        Advance(Minute * 1.2);
        Assert.That((await Charge(limit, 100)).Passed, Is.True);
        await Settle(limit, charged, 100, 0);
        Assert.That((await State(limit, 0)).Remaining, Is.Zero);
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Settle_MoreAfterItStoppedCounting_IsOwedFromNowOn(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 100);
        var charged = await State(limit, 80);
        Advance(Minute * 2);
        await Settle(limit, charged, 80, 100);
        Assert.That((await State(limit, 0)).Remaining, Is.EqualTo(80));
        Advance(Minute * 1.2);
        Assert.That((await State(limit, 0)).Remaining, Is.EqualTo(100));
    }

    [Test]
    public async Task Settle_LessOfALevelThatHasFallen_GivesBackWhatHasNot()
    {
        var limit = Limit(CounterAlgorithm.Gcra, 60);
        var charged = await State(limit, 60);
        Advance(TimeSpan.FromSeconds(20));
        await Charge(limit, 20);
        await Settle(limit, charged, 60, 0);
        Assert.That((await State(limit, 0)).Remaining, Is.EqualTo(40));
    }

    [TestCaseSource(nameof(Windowed))]
    public async Task Charge_NeverSettled_HealsWithinAWindowAndAnEighth(CounterAlgorithm algorithm)
    {
        Align(Minute);
        var limit = Limit(algorithm, 100);
        await Charge(limit, 100);
        Advance(Minute * 1.125);
        Assert.That(await Charge(limit, 100), Is.EqualTo((true, 0L)));
    }

    [Test]
    public async Task Lease_Ended_MakesRoom()
    {
        var limit = Limit(CounterAlgorithm.Concurrency, 2);
        var first = await State(limit);
        await Charge(limit);
        Assert.That(await Charge(limit), Is.EqualTo((false, 0L)));
        await Settle(limit, first, 1, 0);
        await Settle(limit, first, 1, 0);
        Assert.That((await Charge(limit), await Charge(limit)), Is.EqualTo(((true, 0L), (false, 0L))), "ended twice, it makes room once");
    }

    [Test]
    public async Task Lease_NeverEnded_RunsOutUnlessRenewed()
    {
        var limit = Limit(CounterAlgorithm.Concurrency, 2);
        var renewed = await State(limit);
        await Charge(limit);
        Advance(Minute * 0.6);
        await Store.RenewAsync(new[] { new CounterSettlement(limit, "a", renewed.Receipt, 1, 1) });
        Advance(Minute * 0.6);
        Assert.That((await Charge(limit), await Charge(limit)), Is.EqualTo(((true, 0L), (false, 0L))));
    }

    [Test]
    public async Task Lease_OneAfterTheOtherRunsOut_EachMakesRoom()
    {
        var limit = Limit(CounterAlgorithm.Concurrency, 2);
        await Charge(limit);
        Advance(Minute * 0.5);
        await Charge(limit);
        Advance(Minute * 0.6);
        Assert.That((await Charge(limit), await Charge(limit)), Is.EqualTo(((true, 0L), (false, 0L))));
        Advance(Minute * 0.5);
        Assert.That((await Charge(limit), await Charge(limit)), Is.EqualTo(((true, 0L), (false, 0L))));
    }

    [Test]
    public async Task Lease_ThatCostsNothing_TakesNoPlace()
    {
        var limit = Limit(CounterAlgorithm.Concurrency, 1);
        Assert.That((await Charge(limit, 0), await Charge(limit), await Charge(limit, 0)), Is.EqualTo(((true, 1L), (true, 0L), (true, 0L))));
    }

    [Test]
    public async Task Lease_RenewedAfterItRanOut_IsTakenAgain()
    {
        var limit = Limit(CounterAlgorithm.Concurrency, 1);
        var late = await State(limit);
        Advance(Minute * 1.5);
        await Charge(limit);
        await Store.RenewAsync(new[] { new CounterSettlement(limit, "a", late.Receipt, 1, 1) });
        Assert.That(await Charge(limit), Is.EqualTo((false, 0L)));
    }

    [Test]
    public async Task Lease_TogetherWithAWindow_IsAllOrNothing()
    {
        Align(Minute);
        var (leases, window) = (Limit(CounterAlgorithm.Concurrency, 5), Limit(CounterAlgorithm.SlidingWindow, 1));
        var charges = new[] { new CounterCharge(leases, "a"), new CounterCharge(window, "a") };
        var states = new CounterState[2];
        Assert.That(await Store.ChargeAsync(charges, states), Is.True);
        Assert.That(await Store.ChargeAsync(charges, states), Is.False);
        Assert.That(states.Select(s => (s.IsExceeded, s.Remaining)), Is.EqualTo(new[] { (false, 4L), (true, 0L) }));
    }
}

using LlmGuard.Counters;
using LlmGuard.Counters.Memory;

namespace LlmGuard.Tests.Counters;

/// <summary>The edges of what one counter counts, tick by tick.</summary>
public sealed class CounterCellTests
{
    private static readonly GuardrailEntry Entry = new("gateway", "Gateway", "limits", "rate_limiter");

    [Test]
    public void Sliding_WindowThatEightDoNotDivide_CountsForAllOfIt()
    {
        var limit = Limit(CounterAlgorithm.SlidingWindow, 1, 10_007);
        var cell = Cell(limit);
        cell.Apply(limit, 1, now: 1249);
        Assert.That(cell.Probe(limit, 1, now: 1249 + 10_006).IsExceeded, Is.True);
    }

    [Test]
    public void Sliding_RetryAfter_IsWhenJustEnoughHasLeft()
    {
        var limit = Limit(CounterAlgorithm.SlidingWindow, 2, 80_000);
        var cell = Cell(limit);
        const long Start = 800_000;
        cell.Apply(limit, 1, now: Start);
        cell.Apply(limit, 1, now: Start + 40_000);
        Assert.That(cell.Probe(limit, 1, now: Start + 50_000).RetryAfter, Is.EqualTo(new TimeSpan(90_000 - 50_000)));
    }

    [Test]
    public void Gcra_CostOfAllThatMayBeAtOnce_HasARetry()
    {
        var limit = Limit(CounterAlgorithm.Gcra, 10, 100_000);
        var cell = Cell(limit);
        cell.Apply(limit, 1, now: 1);
        Assert.That(cell.Probe(limit, 10, now: 1).RetryAfter, Is.EqualTo(new TimeSpan(10_000)));
    }

    [Test]
    public void Gcra_RoundedOnTheWay_LetsThroughWhatIsDue([Range(1, 60)] int rate)
    {
        var limit = new CounterLimit(Entry, "global", CounterAlgorithm.Gcra, rate, new TimeSpan(rate * 30_000L), burst: 1);
        var cell = Cell(limit);
        for (var now = 30_000L; now < 30_000_000; now += 30_000)
        {
            Assert.That(cell.Probe(limit, 1, now).IsExceeded, Is.False);
            cell.Apply(limit, 1, now);
            cell.Probe(limit, 0, now + 7_001);
            cell.Probe(limit, 0, now + 19_003);
        }
    }

    // Found by trying: with these, what has drained in pieces leaves something above zero in doubles.
    [TestCase(30_011, 5_339, 6_214, 11_907, 22_321, 27_132)]
    [TestCase(49_000, 367, 3_612, 19_555, 30_777, 42_391)]
    [TestCase(1_000_003, 5_281, 264_980, 373_630, 507_563)]
    public void Gcra_DrainedInPieces_IsEmptyWhenItIsDue(int period, params int[] looks)
    {
        const long Start = 1_000_000;
        var limit = new CounterLimit(Entry, "global", CounterAlgorithm.Gcra, 1, new TimeSpan(period), burst: 1);
        var cell = Cell(limit);
        cell.Apply(limit, 1, Start);
        foreach (var look in looks)
        {
            Assert.That(cell.Probe(limit, 1, Start + look).IsExceeded, Is.True);
        }

        var idle = cell.Probe(limit, 0, Start + period);
        Assert.That((idle.Remaining, idle.ResetAfter), Is.EqualTo((1, TimeSpan.Zero)));
        Assert.That(cell.Probe(limit, 1, Start + period).IsExceeded, Is.False);
    }

    [Test]
    public void Shard_ClockThatGoesBack_IsNotFollowed()
    {
        var shard = new CounterShard(8);
        Assert.That((shard.Clock(50), shard.Clock(30), shard.Clock(51), shard.Clock(0)), Is.EqualTo((50, 50, 51, 51)));
    }

    [Test]
    public void Lease_AtItsEnd_HasRunOut()
    {
        var limit = Limit(CounterAlgorithm.Concurrency, 1, 10_000);
        var cell = Cell(limit);
        cell.Apply(limit, 1, now: 1);
        Assert.That(cell.Probe(limit, 1, now: 10_000).IsExceeded, Is.True);
        Assert.That(cell.Probe(limit, 1, now: 10_001).IsExceeded, Is.False);
    }

    [Test]
    public void Lease_SettledForSomething_IsStillHeld()
    {
        var limit = Limit(CounterAlgorithm.Concurrency, 1, 10_000);
        var cell = Cell(limit);
        var lease = cell.Apply(limit, 1, now: 1);
        cell.Settle(new CounterSettlement(limit, "a", new CounterReceipt(1, lease), Charged: 1, Actual: 2), now: 2);
        Assert.That(cell.Probe(limit, 1, now: 2).IsExceeded, Is.True);
    }

    private static CounterLimit Limit(CounterAlgorithm algorithm, long limit, long ticks) =>
        new(Entry, "global", algorithm, limit, new TimeSpan(ticks));

    private static CounterCell Cell(CounterLimit limit) => CounterCell.Create(new CellKey(limit, "a"));
}

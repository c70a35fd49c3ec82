using System.Diagnostics.Metrics;
using System.Net;
using LlmGuard.Counters;
using LlmGuard.Counters.Memory;
using LlmGuard.Tests.Allocation;
using LlmGuard.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Tests.Counters;

/// <summary>What bounds the memory of the store of this process, and what that costs nobody.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CounterTableTests : IDisposable
{
    private static readonly GuardrailEntry Entry = new("gateway", "Gateway", "limits", "rate_limiter");
    private static readonly CounterLimit PerMinute = new(Entry, "per_ip", CounterAlgorithm.SlidingWindow, 2, TimeSpan.FromMinutes(1));

    private readonly ManualTime _time = new();
    private readonly CounterMetrics _metrics = new(null);

    public void Dispose() => _metrics.Dispose();

    [Test]
    public async Task Table_FullOfDebtors_ForgivesNoneAndSharesOneCounter()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var overflowed = new CounterReader(meters, "llmguard.counters.overflowed");
        using var metrics = new CounterMetrics(meters);
        var store = new InMemoryCounterStore(640, _time, metrics);
        var passed = 0;
        for (var i = 0; i < 20_000; i++)
        {
            passed += await PassesAsync(store, $"subject {i}") ? 1 : 0;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(store.Count, Is.EqualTo(640));
            Assert.That(passed, Is.EqualTo(640 + 2), "those with a counter of their own, and as many others as the limit lets through for one");
            Assert.That(overflowed.Total, Is.EqualTo(20_000 - 640));
            Assert.That(
                await PassesAsync(store, "subject 0") && !await PassesAsync(store, "subject 0"), Is.True, "the first one's counter is still there");
        }
    }

    [Test]
    public async Task Settle_MoreOfWhatWasForgotten_IsOwedBySubjectAndNotByOthers()
    {
        var store = new InMemoryCounterStore(64, _time, _metrics);
        await store.SettleAsync(new[] { new CounterSettlement(PerMinute, "a", new CounterReceipt(0), Charged: 0, Actual: 2) });
        Assert.That((await PassesAsync(store, "a"), await PassesAsync(store, "b"), await PassesAsync(store, "b")), Is.EqualTo((false, true, true)));
    }

    [Test]
    public async Task Settle_LessOfWhatWasForgotten_LeavesNothingBehind()
    {
        var store = new InMemoryCounterStore(64, _time, _metrics);
        await store.SettleAsync(new[] { new CounterSettlement(PerMinute, "a", new CounterReceipt(0), Charged: 2, Actual: 0) });
        Assert.That(store.Count, Is.Zero);
    }

    [Test]
    public async Task Settle_LessOfWhatWasForgotten_TakesNothingFromThoseWithoutACounter()
    {
        var store = new InMemoryCounterStore(64, _time, _metrics);
        for (var i = 0; i < 2_000; i++)
        {
            await PassesAsync(store, $"subject {i}");
        }

        await store.SettleAsync(
            new[] { new CounterSettlement(PerMinute, "nobody", new CounterReceipt(_time.GetUtcNow().UtcTicks), Charged: 2, Actual: 0) });
        Assert.That(await PassesAsync(store, "one more"), Is.False);
    }

    [Test]
    public async Task Settle_MoreWhereThereIsNoRoom_IsOwedByAllWithoutACounter()
    {
        var store = new InMemoryCounterStore(64, _time, _metrics);
        for (var i = 0; i < 2_000; i++)
        {
            await PassesAsync(store, $"subject {i}");
        }

        _time.Shift(TimeSpan.FromSeconds(59));
        var other = new CounterLimit(Entry, "per_other", CounterAlgorithm.SlidingWindow, 2, TimeSpan.FromMinutes(1));
        await store.SettleAsync(new[] { new CounterSettlement(other, "a", new CounterReceipt(0), Charged: 0, Actual: 2) });
        Assert.That(await PassesAsync(store, other, "b"), Is.False);
    }

    [Test]
    public async Task Renew_LeaseThatWasForgotten_IsHeldAgain()
    {
        var atOnce = new CounterLimit(Entry, "at_once", CounterAlgorithm.Concurrency, 1, TimeSpan.FromMinutes(1));
        var (held, states) = (new InMemoryCounterStore(64, _time, _metrics), new CounterState[1]);
        await held.ChargeAsync(new[] { new CounterCharge(atOnce, "a") }, states);
        var restarted = new InMemoryCounterStore(64, _time, _metrics);
        await restarted.RenewAsync(new[] { new CounterSettlement(atOnce, "a", states[0].Receipt, Charged: 1, Actual: 1) });
        Assert.That((await PassesAsync(restarted, atOnce, "a"), await PassesAsync(restarted, atOnce, "b")), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Table_FullOfOthers_KeepsALeaseThatIsHeld()
    {
        var atOnce = new CounterLimit(Entry, "at_once", CounterAlgorithm.Concurrency, 1, TimeSpan.FromMinutes(1));
        var store = new InMemoryCounterStore(64, _time, _metrics);
        Assert.That(await PassesAsync(store, atOnce, "long"), Is.True);
        _time.Shift(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 500; i++)
        {
            await PassesAsync(store, $"subject {i}");
        }

        Assert.That(await PassesAsync(store, atOnce, "long"), Is.False);
    }

    [TestCase(CounterAlgorithm.SlidingWindow, 67)]
    [TestCase(CounterAlgorithm.Gcra, 59)]
    [TestCase(CounterAlgorithm.FixedWindow, 59)]
    public async Task Table_FullOfOthers_KeepsACounterAsLongAsItCounts(CounterAlgorithm algorithm, int seconds)
    {
        var limit = new CounterLimit(Entry, "one", algorithm, 1, TimeSpan.FromMinutes(1));
        var store = new InMemoryCounterStore(64, _time, _metrics);
        AlignToTheMinute();
        Assert.That(await PassesAsync(store, limit, "debtor"), Is.True);
        _time.Shift(TimeSpan.FromSeconds(seconds));
        await FillAsync(store);
        Assert.That(await PassesAsync(store, limit, "debtor"), Is.False);
    }

    [TestCase(CounterAlgorithm.SlidingWindow)]
    [TestCase(CounterAlgorithm.Gcra)]
    [TestCase(CounterAlgorithm.FixedWindow)]
    public async Task Table_FullOfOthers_KeepsWhatIsOwedSinceItWasSettled(CounterAlgorithm algorithm)
    {
        var limit = new CounterLimit(Entry, "one", algorithm, 1, TimeSpan.FromMinutes(1));
        var store = new InMemoryCounterStore(64, _time, _metrics);
        AlignToTheMinute();
        var states = new CounterState[1];
        await store.ChargeAsync(new[] { new CounterCharge(limit, "debtor") }, states);
        _time.Shift(TimeSpan.FromMinutes(2));
        await store.SettleAsync(new[] { new CounterSettlement(limit, "debtor", states[0].Receipt, Charged: 1, Actual: 2) });
        _time.Shift(TimeSpan.FromSeconds(30));
        await FillAsync(store);
        Assert.That(await PassesAsync(store, limit, "debtor"), Is.False);
    }

    [Test]
    public async Task Table_DebtThatNeverEnds_IsKept()
    {
        var slow = new CounterLimit(Entry, "slow", CounterAlgorithm.Gcra, 1, TimeSpan.FromDays(366));
        var store = new InMemoryCounterStore(64, _time, _metrics);
        await store.SettleAsync(new[] { new CounterSettlement(slow, "debtor", new CounterReceipt(0), Charged: 0, Actual: CounterLimit.MaxValue) });
        _time.Shift(TimeSpan.FromDays(1000));
        await FillAsync(store);
        Assert.That(await PassesAsync(store, slow, "debtor"), Is.False);
    }

    [Test]
    public async Task Table_FullOfLeasesThatEnded_MakesRoom()
    {
        var atOnce = new CounterLimit(Entry, "at_once", CounterAlgorithm.Concurrency, 1, TimeSpan.FromMinutes(1));
        var store = new InMemoryCounterStore(64, _time, _metrics);
        var states = new CounterState[1];
        for (var i = 0; i < 500; i++)
        {
            if (await store.ChargeAsync(new[] { new CounterCharge(atOnce, $"old {i}") }, states))
            {
                await store.SettleAsync(new[] { new CounterSettlement(atOnce, $"old {i}", states[0].Receipt, 1, 0) });
            }
        }

        _time.Shift(TimeSpan.FromSeconds(1));
        var passed = 0;
        for (var i = 0; i < 64; i++)
        {
            passed += await PassesAsync(store, atOnce, $"new {i}") ? 1 : 0;
        }

        Assert.That(passed, Is.GreaterThan(20), "one of each shard, and one for all others");
    }

    [Test]
    public async Task Table_OfOneCounter_HasRoomForIt()
    {
        var store = new InMemoryCounterStore(1, _time, _metrics);
        await PassesAsync(store, "a");
        Assert.That(store.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Table_FullOfIdleCounters_MakesRoom()
    {
        var store = new InMemoryCounterStore(64, _time, _metrics);
        for (var i = 0; i < 500; i++)
        {
            await PassesAsync(store, $"subject {i}");
        }

        _time.Shift(TimeSpan.FromMinutes(2));
        var passed = 0;
        for (var i = 0; i < 64; i++)
        {
            // Twice each: with a counter of its own, everybody gets two.
            passed += await PassesAsync(store, $"new {i}") && await PassesAsync(store, $"new {i}") ? 1 : 0;
        }

        // One counter for each of 64 shards: those who share a shard with nobody have one of their own, and nobody was shut out for good.
        Assert.That(passed, Is.GreaterThan(20));
        Assert.That(store.Count, Is.LessThanOrEqualTo(64));
    }

    [Test]
    public async Task Table_ChargedAgain_OutlivesItsFirstCharge()
    {
        var store = new InMemoryCounterStore(64, _time, _metrics);
        await PassesAsync(store, "debtor");
        _time.Shift(TimeSpan.FromSeconds(50));
        await PassesAsync(store, "debtor");
        _time.Shift(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 1000; i++)
        {
            await PassesAsync(store, $"other {i}");
        }

        // The first charge counts no more; the second does, whatever wanted the place.
        Assert.That((await PassesAsync(store, "debtor"), await PassesAsync(store, "debtor")), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Table_AMillionSubjects_TakesBoundedMemory()
    {
        const int most = 20_000;
        var store = new InMemoryCounterStore(most, _time, _metrics);
        var charge = new CounterCharge[1];
        var state = new CounterState[1];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 1_000_000; i++)
        {
            charge[0] = new CounterCharge(PerMinute, i.ToString("x", null));
            await store.ChargeAsync(charge, state);
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(store.Count, Is.LessThanOrEqualTo(most + 64));
        Assert.That(grown, Is.LessThan(most * 600L), "bytes");
        GC.KeepAlive(store);
    }

    [Test]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly",
        Justification = "In memory it has completed; a task would allocate.")]
    public void Charge_OfAKnownSubject_AllocatesNothing()
    {
        var store = new InMemoryCounterStore(1000, TimeProvider.System, _metrics);
        CounterLimit[] limits =
        [
            new(Entry, "a", CounterAlgorithm.SlidingWindow, 1L << 40, TimeSpan.FromHours(1)),
            new(Entry, "b", CounterAlgorithm.Gcra, 1L << 40, TimeSpan.FromHours(1)),
            new(Entry, "c", CounterAlgorithm.FixedWindow, 1L << 40, TimeSpan.FromHours(1)),
        ];
        CounterCharge[] three = [.. limits.Select(l => new CounterCharge(l, "alice"))];
        var one = three[..1];
        var states = new CounterState[3];
        var least = LeastAllocated.By(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                store.ChargeAsync(three, states).GetAwaiter().GetResult();
                store.ChargeAsync(one, states).GetAwaiter().GetResult();
            }
        });
        Assert.That(least, Is.Zero);
    }

    [Test]
    public async Task Charge_TwoNewSubjectsAndRoomForOne_StaysAllOrNothing()
    {
        var store = new InMemoryCounterStore(1, _time, _metrics);
        CounterLimit[] limits =
            [.. Enumerable.Range(0, 200).Select(i => new CounterLimit(Entry, $"d{i}", CounterAlgorithm.FixedWindow, 1, TimeSpan.FromMinutes(1)))];
        CounterCharge[] charges = [.. limits.Select(static l => new CounterCharge(l, "a"))];
        var states = new CounterState[200];
        Assert.That(await store.ChargeAsync(charges, states), Is.True);
        Assert.That(await store.ChargeAsync(charges, states), Is.False);
        Assert.That(states.All(static s => s is { IsExceeded: true, Remaining: 0 }), Is.True);
    }

    [Test]
    public async Task Settle_OfAnOverflowCharge_GoesBackToTheOverflow()
    {
        var store = new InMemoryCounterStore(1, _time, _metrics);
        for (var i = 0; i < 400; i++)
        {
            await PassesAsync(store, $"filler {i}");
        }

        var lease = new CounterLimit(Entry, "lease", CounterAlgorithm.Concurrency, 1, TimeSpan.FromMinutes(1));
        var states = new CounterState[1];
        Assert.That(await store.ChargeAsync(new[] { new CounterCharge(lease, "a") }, states), Is.True);
        Assert.That(states[0].Receipt.Lease, Is.Negative);
        Assert.That(await store.ChargeAsync(new[] { new CounterCharge(lease, "b") }, new CounterState[1]), Is.False);
        await store.SettleAsync(new[] { new CounterSettlement(lease, "a", states[0].Receipt, 1, 0) });
        Assert.That(await store.ChargeAsync(new[] { new CounterCharge(lease, "b") }, new CounterState[1]), Is.True);
    }

    [TestCase("192.0.2.1", "192.0.2.1")]
    [TestCase("::ffff:192.0.2.1", "192.0.2.1")]
    [TestCase("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [TestCase("2001:db8:1:2::", "2001:db8:1:2::/64")]
    public void Subject_OfAnAddress_IsItsNetwork(string address, string subject) =>
        Assert.That(CounterSubject.Of(IPAddress.Parse(address)), Is.EqualTo(subject));

    [Test]
    public void Subject_OfALongName_IsShortAndItsOwn()
    {
        var name = new string('x', 10_000);
        var subject = CounterSubject.Of(name);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(subject, Has.Length.LessThanOrEqualTo(CounterSubject.MaxLength));
            Assert.That(CounterSubject.Of(name + "y"), Is.Not.EqualTo(subject));
            Assert.That(CounterSubject.Of(subject), Is.Not.EqualTo(subject), "nobody can name himself like another's hash");
            Assert.That(CounterSubject.Of("alice"), Is.EqualTo("alice"));
            Assert.That(CounterSubject.Of(new string('y', CounterSubject.MaxLength)),
                Has.Length.EqualTo(CounterSubject.MaxLength).And.Not.Contain(":"));
            Assert.That(subject, Does.Match("^sha256:[0-9a-f]{32}$"), "128 bits, so that nobody finds two names of one counter");
        }
    }

    [TestCase("rule", "/a", "b/c", "rule", "/a/b", "c")]
    [TestCase("rule", "/a", "x", "consumer", "/a", "x")]
    public void LimitId_OfDifferentEntries_Differs(string level, string owner, string id, string otherLevel, string otherOwner, string otherId)
    {
        static CounterLimit Of(string level, string owner, string id) =>
            new(new GuardrailEntry(level, owner, id, "p"), "global", CounterAlgorithm.Gcra, 1, TimeSpan.FromSeconds(1));
        Assert.That(Of(level, owner, id), Is.Not.EqualTo(Of(otherLevel, otherOwner, otherId)));
    }

    [Test]
    public void LimitId_WindowsAFractionOfASecondApart_Differs()
    {
        static CounterLimit Of(int milliseconds) => new(Entry, "global", CounterAlgorithm.Gcra, 1, TimeSpan.FromMilliseconds(milliseconds));
        Assert.That(Of(1500), Is.Not.EqualTo(Of(1000)));
    }

    [TestCase(CounterAlgorithm.Gcra, 0)]
    [TestCase(CounterAlgorithm.Gcra, CounterLimit.MaxValue + 1)]
    [TestCase(CounterAlgorithm.SlidingWindow, 5)]
    [TestCase(CounterAlgorithm.Concurrency, 5)]
    public void Limit_BurstThatCannotBe_Throws(CounterAlgorithm algorithm, long burst) => Assert.That(
        () => new CounterLimit(Entry, "global", algorithm, 10, TimeSpan.FromMinutes(1), burst), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private void AlignToTheMinute() =>
        _time.Shift(new TimeSpan(TimeSpan.TicksPerMinute - (_time.GetUtcNow().UtcTicks % TimeSpan.TicksPerMinute)));

    private static async Task FillAsync(InMemoryCounterStore store)
    {
        for (var i = 0; i < 1000; i++)
        {
            await PassesAsync(store, $"other {i}");
        }
    }

    private static Task<bool> PassesAsync(InMemoryCounterStore store, string subject) => PassesAsync(store, PerMinute, subject);

    private static async Task<bool> PassesAsync(InMemoryCounterStore store, CounterLimit limit, string subject) =>
        await store.ChargeAsync(new[] { new CounterCharge(limit, subject) }, new CounterState[1]);
}

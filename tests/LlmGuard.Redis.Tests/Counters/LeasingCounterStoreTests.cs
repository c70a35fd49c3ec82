using LlmGuard.Counters;
using LlmGuard.Redis.Client;
using LlmGuard.Redis.Counters;
using LlmGuard.Redis.Tests.Harness;
using LlmGuard.Tests;
using LlmGuard.Tests.Net;
using LlmGuard.Tests.Redis;

namespace LlmGuard.Redis.Tests.Counters;

/// <summary>Charges in advance, on a real server with a clock of our own; trips are counted.</summary>
[TestFixture]
public sealed class LeasingCounterStoreTests
{
    private ManualTime _time = null!;
    private RedisServer _server = null!;
    private RedisClient _client = null!;
    private Counting _trips = null!;
    private LeasingCounterStore _store = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        RedisServer.Require();
        _server = await RedisServer.StartAsync();
        _client = Stores.Client(_server.Endpoint);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [SetUp]
    public void SetUp()
    {
        _time = new ManualTime();
        _trips = new Counting(_client);
        _store = NewStore();
    }

    [TestCase(CounterAlgorithm.SlidingWindow)]
    [TestCase(CounterAlgorithm.Gcra)]
    [TestCase(CounterAlgorithm.FixedWindow)]
    public async Task Charge_ManyInARow_TakesATenthOfTheTripsAndStatesAreAsWithout(CounterAlgorithm algorithm)
    {
        var limit = Limits.Of(algorithm, 1_000);
        for (var i = 1; i <= 200; i++)
        {
            var state = await _store.StateAsync(limit);
            Assert.That((state.IsExceeded, state.Remaining), Is.EqualTo((false, 1_000 - i)));
        }

        Assert.That(_trips.Count, Is.LessThanOrEqualTo(20));
    }

    [Test]
    public async Task Charge_ASmallLimit_IsExact()
    {
        var limit = Limits.Of(CounterAlgorithm.SlidingWindow, 9);
        var other = NewStore();
        var passed = 0;
        for (var i = 0; i < 10; i++)
        {
            passed += await _store.ChargeAsync(limit) ? 1 : 0;
            passed += await other.ChargeAsync(limit) ? 1 : 0;
        }

        Assert.That(passed, Is.EqualTo(9));
    }

    [Test]
    public async Task Charge_BySeveralStores_NeverPassesMoreThanTheLimit()
    {
        var limit = Limits.Of(CounterAlgorithm.FixedWindow, 300, TimeSpan.FromDays(1));
        LeasingCounterStore[] fleet = [.. Enumerable.Range(0, 4).Select(_ => NewStore())];
        var passed = await Task.WhenAll(Enumerable.Range(0, 800).Select(i => Task.Run(() => fleet[i % 4].ChargeAsync(limit))));
        Assert.That(passed.Count(p => p), Is.InRange(300 - (4 * 20), 300));
    }

    [Test]
    public async Task Charge_AfterTheLifetime_AsksAgainAndWhatWasInHandIsLost()
    {
        var limit = Limits.Of(CounterAlgorithm.FixedWindow, 1_000, TimeSpan.FromDays(1));
        await _store.ChargeAsync(limit);
        _time.Shift(TimeSpan.FromSeconds(1));
        Assert.That((await _store.StateAsync(limit)).Remaining, Is.EqualTo(1_000 - 20 - 1));
    }

    [Test]
    public async Task Charge_Refused_IsRepeatedWithoutATripUntilItMayPass()
    {
        var limit = Limits.Of(CounterAlgorithm.FixedWindow, 5, TimeSpan.FromMinutes(1));
        await _store.ChargeAsync(limit, 5);
        Assert.That(await _store.ChargeAsync(limit), Is.False);
        var trips = _trips.Count;
        var retry = (await _store.StateAsync(limit)).RetryAfter;
        for (var i = 0; i < 50; i++)
        {
            Assert.That(await _store.ChargeAsync(limit), Is.False);
        }

        Assert.That((_trips.Count, retry > TimeSpan.Zero), Is.EqualTo((trips, true)));
        _time.Shift(TimeSpan.FromSeconds(60));
        Assert.That(await _store.ChargeAsync(limit), Is.True);
    }

    [Test]
    public async Task Charge_TwoLimitsAndOneRefuses_NeitherIsCharged()
    {
        var (wide, narrow) =
            (Limits.Of(CounterAlgorithm.FixedWindow, 1_000, TimeSpan.FromDays(1)), Limits.Of(CounterAlgorithm.FixedWindow, 2, TimeSpan.FromDays(1)));
        CounterCharge[] both = [new(wide, "a"), new(narrow, "a")];
        var states = new CounterState[2];
        var passed = new List<bool>();
        for (var i = 0; i < 20; i++)
        {
            passed.Add(await _store.ChargeAsync(both, states));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(passed.Count(p => p), Is.EqualTo(2));
            Assert.That(states.Select(s => (s.IsExceeded, s.Remaining)), Is.EqualTo(new[] { (false, 998L), (true, 0L) }).AsCollection);
            Assert.That((await _store.StateAsync(wide)).Remaining, Is.EqualTo(997));
            Assert.That(_trips.Count, Is.LessThanOrEqualTo(6));
        }
    }

    [Test]
    public async Task Settle_OfWhatIsInHand_NeedsNoTripAndCounts()
    {
        var limit = Limits.Of(CounterAlgorithm.FixedWindow, 10_000, TimeSpan.FromDays(1));
        var charged = await _store.StateAsync(limit, 50);
        var trips = _trips.Count;
        await _store.SettleAsync(new[] { new CounterSettlement(limit, "a", charged.Receipt, 50, 10) });
        await _store.SettleAsync(new[] { new CounterSettlement(limit, "a", charged.Receipt, 50, 150) });
        Assert.That((_trips.Count, (await _store.StateAsync(limit, 0)).Remaining), Is.EqualTo((trips, 10_000L - 10 - 100)));
    }

    [Test]
    public async Task Settle_MoreThanIsInHand_IsOwedInTheStore()
    {
        var limit = Limits.Of(CounterAlgorithm.FixedWindow, 1_000, TimeSpan.FromDays(1));
        var charged = await _store.StateAsync(limit, 5);
        await _store.SettleAsync(new[] { new CounterSettlement(limit, "a", charged.Receipt, 5, 2_000) });
        Assert.That((await NewStore().StateAsync(limit)).IsExceeded, Is.True);
    }

    [Test]
    public async Task Charge_OfLeases_AlwaysAsks()
    {
        var limit = Limits.Of(CounterAlgorithm.Concurrency, 100);
        for (var i = 0; i < 10; i++)
        {
            await _store.ChargeAsync(limit);
        }

        Assert.That(_trips.Count, Is.EqualTo(10));
    }

    [Test]
    public void Charge_WhenTheStoreFails_FailsForAllWhoWait()
    {
        using var nobody = new ClosedPort();
        using var nowhere = Stores.Client(nobody.Endpoint);
        var store = new LeasingCounterStore(nowhere.Store(_time), Options(), _time);
        var limit = Limits.Of(CounterAlgorithm.FixedWindow, 1_000);
        var calls = Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.ChargeAsync(limit))).ToArray();
        Assert.That(async () => await Task.WhenAll(calls), Throws.InstanceOf<CounterStoreException>());
        Assert.That(calls.Count(c => c.IsFaulted), Is.EqualTo(20));
    }

    private static RedisOptions Options() => new() { LeaseRequests = 20 };

    private LeasingCounterStore NewStore() => new(_trips.Store(_time), Options(), _time);

    private sealed class Counting(IRedisScriptRunner inner) : IRedisScriptRunner
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ValueTask<string?[]> RunAsync(
            RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<string> arguments,
            CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return inner.RunAsync(script, keys, arguments, cancellationToken);
        }

        public ValueTask PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);
    }
}

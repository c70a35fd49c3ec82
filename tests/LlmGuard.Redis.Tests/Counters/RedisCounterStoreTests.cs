using LlmGuard.Counters;
using LlmGuard.Redis.Client;
using LlmGuard.Redis.Counters;
using LlmGuard.Redis.Tests.Harness;
using LlmGuard.Tests.Redis;
using LlmGuard.Tests;
using LlmGuard.Tests.Counters;

namespace LlmGuard.Redis.Tests.Counters;

/// <summary>What every store must do, on a real server; with a clock of our own in place of the server's.</summary>
[TestFixture]
public sealed class RedisCounterStoreTests : CounterStoreSuite
{
    // Milliseconds, of which the eighth divides a day: the two stores count windows from different days on. Long ones, since the server forgets by
    // its own clock, and what it still counts by ours must not be gone when a machine stands still for a while.
    private static readonly int[] Windows = [80_000, 400_000, 800_000, 1_600_000, 7_200_000];

    private ManualTime _time = null!;
    private RedisServer _server = null!;
    private RedisClient _client = null!;
    private RedisCounterStore _store = null!;

    protected override ICounterStore Store => _store;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        RedisServer.Require();
        _server = await RedisServer.StartAsync();
        _client = Stores.Client(_server.Endpoint);
    }

    [SetUp]
    public void SetUp()
    {
        _time = new ManualTime();
        _store = _client.Store(_time);
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

    [TestCase(CounterAlgorithm.SlidingWindow, 60_000, 67_500)]
    [TestCase(CounterAlgorithm.Gcra, 6_000, 6_000)]
    [TestCase(CounterAlgorithm.FixedWindow, 0, 60_000)]
    [TestCase(CounterAlgorithm.Concurrency, 60_000, 60_000)]
    public async Task Charge_ByTheServersClock_LivesAsLongAsItCounts(CounterAlgorithm algorithm, int shortest, int longest)
    {
        var limit = Limits.Of("ttl", algorithm, 10);
        var started = TimeProvider.System.GetTimestamp();
        Assert.That(await _client.Store().ChargeAsync(limit), Is.True);
        var life = int.Parse((await _server.AskAsync("PTTL", $"{{test}}{limit.Id}/a"))[0]!, System.Globalization.CultureInfo.InvariantCulture);
        var since = (int)Math.Ceiling(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        Assert.That(life, Is.InRange(Math.Max(1, shortest - since), longest));
    }

    [Test]
    public async Task Charge_ThenAllGivenBack_LeavesNoKey()
    {
        var store = _client.Store();
        foreach (var algorithm in Enum.GetValues<CounterAlgorithm>())
        {
            var limit = Limits.Of(algorithm, 10);
            var state = await store.StateAsync(limit);
            await store.SettleAsync(new[] { new CounterSettlement(limit, "a", state.Receipt, 1, 0) });
            Assert.That(await _server.AskAsync("EXISTS", $"{{test}}{limit.Id}/a"), Is.EqualTo(new[] { "0" }), $"{algorithm}");
        }
    }

    [Test]
    public async Task Charge_ManyLimits_IsOneCommand()
    {
        await _server.AskAsync("CONFIG", "RESETSTAT");
        CounterCharge[] charges = [.. Enumerable.Range(0, 8).Select(i => new CounterCharge(Limits.Of(CounterAlgorithm.Gcra, 100), $"s{i}"))];
        var states = new CounterState[8];
        for (var i = 0; i < 10; i++)
        {
            Assert.That(await _store.ChargeAsync(charges, states), Is.True);
        }

        var statistics = string.Join('\n', await _server.AskAsync("INFO", "commandstats"));
        Assert.That(statistics, Does.Contain("cmdstat_evalsha:calls=10,").Or.Contain("cmdstat_evalsha:calls=11,"));
    }

    [Test]
    public async Task Charge_SubjectsThatLookLikeOtherKeys_AreTheirOwn()
    {
        var limit = Limits.Of(CounterAlgorithm.FixedWindow, 1);
        string[] subjects = ["", "a", "a/b", "{x}", "}{", "a\r\nDEL a", "ключ 🔑", "*", new('x', 64)];
        foreach (var subject in subjects)
        {
            Assert.That(await _store.ChargeAsync(limit, subject: subject), Is.True, subject);
            Assert.That(await _store.ChargeAsync(limit, subject: subject), Is.False, subject);
        }
    }

    /// <summary>The same calls to the store in memory and to this one give the same answers at every step.</summary>
    [Test]
    public async Task AnySequence_AnswersAsTheStoreInMemoryDoes([Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        using var metrics = new CounterMetrics(null);
        var memory = new LlmGuard.Counters.Memory.InMemoryCounterStore(10_000, _time, metrics);
        CounterLimit[] limits = [.. Enum.GetValues<CounterAlgorithm>()
            .Select(a => Limits.Of(a, random.Next(1, 40), TimeSpan.FromMilliseconds(random.GetItems(Windows, 1)[0])))];
        var receipts = new List<(CounterCharge Charge, CounterReceipt Memory, CounterReceipt Redis)>();
        for (var step = 0; step < 300; step++)
        {
            // Whole milliseconds: the one clock counts ticks, the other microseconds.
            _time.Shift(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(0, 2_000_000) : random.Next(0, 5_000)));
            if (receipts.Count > 0 && random.Next(3) == 0)
            {
                var at = random.Next(receipts.Count);
                var (charge, inMemory, inRedis) = receipts[at];
                receipts.RemoveAt(at);
                var actual = charge.Limit.Algorithm == CounterAlgorithm.Concurrency ? 0 : random.Next(0, 2 * (int)charge.Cost + 1);
                await memory.SettleAsync(new[] { new CounterSettlement(charge.Limit, charge.Subject, inMemory, charge.Cost, actual) });
                await _store.SettleAsync(new[] { new CounterSettlement(charge.Limit, charge.Subject, inRedis, charge.Cost, actual) });
                continue;
            }

            CounterCharge[] charges = [.. limits.Where(_ => random.Next(2) == 0).Select(l => new CounterCharge(
                l, random.Next(3) == 0 ? "b" : "a", l.Algorithm == CounterAlgorithm.Concurrency ? 1 : random.Next(0, 6)))];
            var (expected, got) = (new CounterState[charges.Length], new CounterState[charges.Length]);
            var passes = await memory.ChargeAsync(charges, expected);
            Assert.That(await _store.ChargeAsync(charges, got), Is.EqualTo(passes), $"step {step}");
            for (var i = 0; i < charges.Length; i++)
            {
                AssertSame(got[i], expected[i], $"step {step}, {charges[i]}");
                if (passes && charges[i].Cost > 0)
                {
                    receipts.Add((charges[i], expected[i].Receipt, got[i].Receipt));
                }
            }
        }
    }

    protected override void Advance(TimeSpan by) => _time.Shift(by);

    protected override void Align(TimeSpan window) => _time.Shift(new TimeSpan(window.Ticks - (_time.GetUtcNow().UtcTicks % window.Ticks)));

    // The one counts ticks since the year 1, the other microseconds since 1970, and a level falls by doubles in different units.
    private static void AssertSame(in CounterState got, in CounterState expected, string where)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(got.IsExceeded, Is.EqualTo(expected.IsExceeded), where);
            Assert.That(got.Remaining, Is.EqualTo(expected.Remaining), where);
            Assert.That(got.RetryAfter is null, Is.EqualTo(expected.RetryAfter is null), where);
            Assert.That(got.ResetAfter, Is.EqualTo(expected.ResetAfter).Within(TimeSpan.FromMilliseconds(1)), where);
            Assert.That(got.RetryAfter ?? default, Is.EqualTo(expected.RetryAfter ?? default).Within(TimeSpan.FromMilliseconds(1)), where);
        }
    }
}

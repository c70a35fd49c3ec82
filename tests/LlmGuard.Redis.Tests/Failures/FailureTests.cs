using System.Net;
using System.Net.Sockets;
using LlmGuard.Counters;
using LlmGuard.Redis.Tests.Harness;
using LlmGuard.Tests.Redis;
using LlmGuard.Tests;

namespace LlmGuard.Redis.Tests.Failures;

/// <summary>
/// A Redis that is down, slow, read-only, restarted or flushed: a failure of the store while it lasts, and nothing of it afterwards.
/// </summary>
[TestFixture]
public sealed class FailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();
    private RedisServer _server = null!;

    [SetUp]
    public async Task StartAsync()
    {
        RedisServer.Require();
        _server = await RedisServer.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task Charge_AfterTheScriptsWereFlushed_LoadsThemAgain()
    {
        using var client = Stores.Client(_server.Endpoint);
        var (store, limit) = (client.Store(), Limits.Of(CounterAlgorithm.FixedWindow, 5, TimeSpan.FromDays(1)));
        await store.ChargeAsync(limit);
        await _server.AskAsync("SCRIPT", "FLUSH");
        Assert.That((await store.StateAsync(limit)).Remaining, Is.EqualTo(3));
    }

    [Test]
    public async Task Charge_AfterTheDataWereFlushed_CountsAnew()
    {
        using var client = Stores.Client(_server.Endpoint);
        var (store, limit) = (client.Store(), Limits.Of(CounterAlgorithm.SlidingWindow, 5));
        var charged = await store.StateAsync(limit, 5);
        await _server.AskAsync("FLUSHALL");
        Assert.That((await store.StateAsync(limit)).Remaining, Is.EqualTo(4));
        await store.SettleAsync(new[] { new CounterSettlement(limit, "a", charged.Receipt, 5, 0) });
        Assert.That((await store.StateAsync(limit, 0)).Remaining, Is.EqualTo(5), "never more than the limit is given back");
    }

    [Test]
    public async Task Charge_WhileItIsDown_FailsAtOnceAndWorksAgainAfterwards()
    {
        using var client = Stores.Client(_server.Endpoint, time: _time);
        var (store, limit) = (client.Store(), Limits.Of(CounterAlgorithm.Gcra, 1_000));
        await store.ChargeAsync(limit);
        await _server.KillAsync();
        for (var i = 0; i < 100; i++)
        {
            Assert.That(async () => await store.ChargeAsync(limit), Throws.InstanceOf<CounterStoreException>());
        }

        await _server.StartAgainAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await store.ChargeAsync(limit), Is.True);
    }

    [Test]
    public async Task Charge_AfterItFailedRepeatedly_IsTriedAgainAfterTwoSecondsAtMost()
    {
        using var client = Stores.Client(_server.Endpoint, time: _time);
        var (store, limit) = (client.Store(), Limits.Of(CounterAlgorithm.Gcra, 1_000));
        await _server.KillAsync();
        for (var i = 0; i < 10; i++)
        {
            Assert.That(async () => await store.ChargeAsync(limit), Throws.InstanceOf<CounterStoreException>().With.Message.Contains("not there"));
            Assert.That(
                async () =>
                    await store.ChargeAsync(limit), Throws.InstanceOf<CounterStoreException>().With.Message.Contains("moment ago"), "no second try");
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        await _server.StartAgainAsync();
        Assert.That(await store.ChargeAsync(limit), Is.True);
    }

    [Test]
    public async Task Charge_WhileItStandsStill_FailsAfterTheCommandTimeoutAndRecovers()
    {
        var timeout = TimeSpan.FromMilliseconds(50);
        using var client = Stores.Client(_server.Endpoint, o => o.CommandTimeout = timeout, _time);
        var (store, limit) = (client.Store(), Limits.Of(CounterAlgorithm.Gcra, 1_000_000));
        await client.PingAsync(CancellationToken.None);
        await _server.StandStillAsync();
        var slow = store.ChargeAsync(limit);
        await _time.WhenDueInAsync(timeout);
        _time.Advance(timeout);
        Assert.That(async () => await slow, Throws.InstanceOf<CounterStoreException>().With.Message.Contains("too slow"));
        Assert.That(async () => await store.ChargeAsync(limit), Throws.InstanceOf<CounterStoreException>().With.Message.Contains("moment ago"));
        await _server.GoOnAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await store.ChargeAsync(limit), Is.True);
    }

    [Test]
    public async Task Charge_OnAReplicaThatIsReadOnly_SaysSo()
    {
        await using var replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", "1", "--replica-read-only", "yes");
        using var client = Stores.Client(replica.Endpoint);
        Assert.That(
            async () => await client.Store().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)),
            Throws.InstanceOf<CounterStoreException>().With.Message.Contains("READONLY"));
    }

    [Test]
    public async Task Charge_WithoutMemory_SaysSo()
    {
        await using var full = await RedisServer.StartAsync("--maxmemory", "1", "--maxmemory-policy", "noeviction");
        using var client = Stores.Client(full.Endpoint);
        Assert.That(
            async () => await client.Store().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)),
            Throws.InstanceOf<CounterStoreException>().With.Message.Contains("OOM"));
    }

    [TestCase(null, null, "NOAUTH")]
    [TestCase(null, "wrong", "WRONGPASS")]
    [TestCase("nobody", "s3cret", "WRONGPASS")]
    public async Task Charge_WithTheWrongCredentials_NamesTheCodeAndNotThePassword(string? user, string? password, string code)
    {
        await using var closed = await RedisServer.StartAsync("--requirepass", "s3cret");
        using var client = Stores.Client(closed.Endpoint, o => (o.User, o.Password) = (user, password));
        var thrown = Assert.CatchAsync<CounterStoreException>(async () => await client.Store().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)))!;
        Assert.That(thrown.ToString(), Does.Contain(code).And.Not.Contains("s3cret").And.Not.Contains("wrong,"));
    }

    [TestCase(null)]
    [TestCase("default")]
    public async Task Charge_WithPasswordAndDatabase_Counts(string? user)
    {
        await using var closed = await RedisServer.StartAsync("--requirepass", "s3cret");
        using var client = Stores.Client(closed.Endpoint, o => (o.User, o.Password, o.Database) = (user, "s3cret", 3));
        Assert.That(await client.Store().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)), Is.True);
    }

    [Test]
    public async Task Charge_OnSomethingThatIsNotRedis_Fails()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        using var client = Stores.Client($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        Assert.That(async () => await client.Store().ChargeAsync(Limits.Of(CounterAlgorithm.Gcra, 1)), Throws.InstanceOf<CounterStoreException>());
        await answering;
    }

    [Test]
    public async Task Charge_CancelledByTheCaller_IsTheCallersCancellationAndTheConnectionLives()
    {
        using var client = Stores.Client(_server.Endpoint);
        var (store, limit) = (client.Store(), Limits.Of(CounterAlgorithm.Gcra, 100));
        await client.PingAsync(CancellationToken.None);
        await _server.StandStillAsync();
        using var cancel = new CancellationTokenSource();
        var charge = store.ChargeAsync(new[] { new CounterCharge(limit, "a") }, new CounterState[1], cancel.Token);
        await cancel.CancelAsync();
        Assert.That(async () => await charge, Throws.InstanceOf<OperationCanceledException>());
        await _server.GoOnAsync();
        Assert.That(await store.ChargeAsync(limit), Is.True);
    }

    [Test]
    public async Task Charge_ByManyWhileTheServerIsKilled_EachEndsInAnAnswerOrAFailure()
    {
        using var client = Stores.Client(_server.Endpoint);
        var (store, limit) = (client.Store(), Limits.Of(CounterAlgorithm.Gcra, 1_000_000));
        var calls = Enumerable.Range(0, 2_000).Select(_ => Task.Run(async () =>
        {
            try
            {
                return await store.ChargeAsync(limit);
            }
            catch (CounterStoreException)
            {
                return false;
            }
        })).ToArray();
        await _server.KillAsync();
        await Task.WhenAll(calls).WaitAsync(Patience);
        await _server.StartAgainAsync();
        Assert.That(await RecoversAsync(store, limit), Is.True);
    }

    [Test]
    public void Dispose_WhatIsUnderWay_Fails()
    {
        var client = Stores.Client(_server.Endpoint);
        Assert.That(async () => await client.PingAsync(CancellationToken.None), Throws.Nothing);
        client.Dispose();
        Assert.That(async () => await client.PingAsync(CancellationToken.None), Throws.InstanceOf<CounterStoreException>());
    }

    private static async Task AnswerAsync(TcpListener listener, byte[] answer)
    {
        using var socket = await listener.AcceptSocketAsync();
        await socket.SendAsync(answer);
    }

    /// <summary>Asks again until the pause after the failures is over.</summary>
    private static async Task<bool> RecoversAsync(ICounterStore store, CounterLimit limit)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await store.ChargeAsync(limit);
            }
            catch (CounterStoreException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
            }
        }
    }
}

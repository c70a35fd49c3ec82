using System.Globalization;
using LlmGuard.Counters;
using LlmGuard.Redis.Client;
using LlmGuard.Redis.Masking;
using LlmGuard.Redis.Tests.Harness;

namespace LlmGuard.Redis.Tests.Masking;

/// <summary>Vaults on a real Redis: what one process adds another one reads, within bounds of number, size and time.</summary>
[TestFixture]
public sealed class RedisMaskVaultStoreTests : RedisFixture
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private RedisClient _client = null!;
    private RedisMaskVaultStore _store = null!;

    [SetUp]
    public async Task ConnectAsync()
    {
        await Server.AskAsync("FLUSHALL");
        _client = Stores.Client(Server.Endpoint);
        _store = new RedisMaskVaultStore(_client, "{test}");
    }

    [TearDown]
    public void Disconnect() => _client.Dispose();

    [Test]
    public async Task Read_WhatAnotherProcessAdded_IsThere_OfThisVaultOnly()
    {
        using var other = Stores.Client(Server.Endpoint);
        var elsewhere = new RedisMaskVaultStore(other, "{test}");
        await _store.AddAsync("a", [new("[P]", new byte[] { 1, 0, 255 })], Hour, default);
        await elsewhere.AddAsync("a", [new("[P]", new byte[] { 9 }), new("[Q]", Array.Empty<byte>())], Hour, default);
        var read = await elsewhere.ReadAsync("a", Hour, default);
        Assert.That(
            read.Select(static v => $"{v.Placeholder} {Convert.ToHexString(v.Sealed.Span)}"), Is.EquivalentTo(new[] { "[P] 0100FF", "[Q] " }),
                "the first of a placeholder stays");
        Assert.That(await _store.ReadAsync("b", Hour, default), Is.Empty);
        Assert.That(await new RedisMaskVaultStore(_client, "{other}").ReadAsync("a", Hour, default), Is.Empty, "another prefix");
    }

    [Test]
    public async Task ReadAndAdd_StartTheLifetimeAnew()
    {
        await _store.AddAsync("a", [new("[P]", new byte[1])], TimeSpan.FromMinutes(5), default);
        Assert.That(await LifetimeAsync("a"), Is.InRange(1, 300_000));
        await _store.ReadAsync("a", TimeSpan.FromMinutes(50), default);
        Assert.That(await LifetimeAsync("a"), Is.InRange(2_000_000, 3_000_000));
        await _store.AddAsync("a", [new("[P]", new byte[1])], Hour, default);
        Assert.That(await LifetimeAsync("a"), Is.InRange(3_000_001, 3_600_000), "also where nothing was new");
    }

    [Test]
    public async Task Read_VaultThatIsNotThere_MakesNone()
    {
        Assert.That(await _store.ReadAsync("a", Hour, default), Is.Empty);
        Assert.That(await Server.AskAsync("DBSIZE"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public async Task Add_MoreThanAVaultHolds_KeepsTheFirst()
    {
        var values =
            Enumerable.Range(0, RedisMaskVaultStore.MaxValues + 150).Select(static i => new SealedOriginal($"[P{i}]", new byte[] { 1 })).ToArray();
        await _store.AddAsync("a", values, Hour, default);
        var read = await _store.ReadAsync("a", Hour, default);
        Assert.That(
            read.Select(static v => v.Placeholder), Is.EquivalentTo(values.Take(RedisMaskVaultStore.MaxValues).Select(static v => v.Placeholder)));
    }

    [Test]
    public async Task Add_LargerThanAVaultIs_LeavesOutWhatDoesNotFitAndTakesWhatDoes()
    {
        var large = new byte[8192];
        var values =
            Enumerable.Range(0, 120).Select(i => new SealedOriginal($"[P{i}]", large)).Append(new SealedOriginal("[small]", new byte[10])).ToArray();
        await _store.AddAsync("a", values, Hour, default);
        await _store.AddAsync("a", values, Hour, default);
        var read = await _store.ReadAsync("a", Hour, default);
        var bytes = read.Sum(static v => v.Placeholder.Length + Convert.ToBase64String(v.Sealed.Span).Length);
        Assert.That(bytes, Is.InRange(RedisMaskVaultStore.MaxBytes - 11_000, RedisMaskVaultStore.MaxBytes));
        Assert.That(read.Select(static v => v.Placeholder), Has.Some.EqualTo("[small]"));
        Assert.That(await Server.AskAsync("HGET", "{test}vault/a", "#"), Is.EqualTo(new[] { bytes.ToString(CultureInfo.InvariantCulture) }));
    }

    [Test]
    public async Task Read_SomebodyWroteOtherThings_LeavesThemOut()
    {
        await _store.AddAsync("a", [new("[P]", new byte[] { 1 })], Hour, default);
        await Server.AskAsync("HSET", "{test}vault/a", "[Q]", "this is no base64!");
        Assert.That((await _store.ReadAsync("a", Hour, default)).Select(static v => v.Placeholder), Is.EqualTo(new[] { "[P]" }));
    }

    [Test]
    public async Task Use_KeyOfAnotherKind_FailsWithoutSayingWhatWasSent()
    {
        await Server.AskAsync("SET", "{test}vault/a", "x");
        Assert.That(
            async () => await _store.ReadAsync("a", Hour, default), Throws.InstanceOf<CounterStoreException>().With.Message.Not.Contain("vault"));
        Assert.That(
            async () => await _store.AddAsync("a", [new("[P]", new byte[1])], Hour, default),
            Throws.InstanceOf<CounterStoreException>().With.Message.Not.Contain("[P]"));
    }

    [Test]
    public void Use_Cancelled_IsCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(async () => await _store.ReadAsync("a", Hour, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private async Task<long> LifetimeAsync(string vault) =>
        long.Parse((await Server.AskAsync("PTTL", "{test}vault/" + vault))[0]!, CultureInfo.InvariantCulture);
}

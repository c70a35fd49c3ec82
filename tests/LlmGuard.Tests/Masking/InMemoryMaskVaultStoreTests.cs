using LlmGuard.Masking;

namespace LlmGuard.Tests.Masking;

/// <summary>Vaults in memory: bounded in time and size.</summary>
public sealed class InMemoryMaskVaultStoreTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public async Task Read_WhatWasAdded_IsThere_OfThisVaultOnly()
    {
        var store = new InMemoryMaskVaultStore(1_000_000, new ManualTime());
        await store.AddAsync("a", [new("[P]", new byte[] { 1 })], Hour, default);
        await store.AddAsync("a", [new("[P]", new byte[] { 9 }), new("[Q]", new byte[] { 2 })], Hour, default);
        var read = await store.ReadAsync("a", Hour, default);
        Assert.That(read.Select(v => (v.Placeholder, v.Sealed.Span[0])), Is.EquivalentTo(new[] { ("[P]", (byte)1), ("[Q]", (byte)2) }));
        Assert.That(await store.ReadAsync("b", Hour, default), Is.Empty);
    }

    [Test]
    public async Task Read_AfterItsLifetime_IsGone_UseStartsItAnew()
    {
        var time = new ManualTime();
        var store = new InMemoryMaskVaultStore(1_000_000, time);
        await store.AddAsync("a", [new("[P]", new byte[1])], Hour, default);
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.That(await store.ReadAsync("a", Hour, default), Has.Count.EqualTo(1));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.That(await store.ReadAsync("a", Hour, default), Has.Count.EqualTo(1));
        time.Advance(TimeSpan.FromMinutes(60));
        Assert.That(await store.ReadAsync("a", Hour, default), Is.Empty);
        Assert.That(store.Bytes, Is.Zero);
    }

    [Test]
    public async Task Add_BeyondTheRoom_ForgetsTheLeastRecentlyUsed()
    {
        var store = new InMemoryMaskVaultStore(3000, new ManualTime());
        await store.AddAsync("a", [new("[P]", new byte[500])], Hour, default);
        await store.AddAsync("b", [new("[P]", new byte[500])], Hour, default);
        await store.ReadAsync("a", Hour, default);
        await store.AddAsync("c", [new("[P]", new byte[1000])], Hour, default);
        Assert.That(await store.ReadAsync("b", Hour, default), Is.Empty);
        Assert.That(await store.ReadAsync("a", Hour, default), Has.Count.EqualTo(1));
        Assert.That(store.Bytes, Is.LessThanOrEqualTo(3000));
    }

    [Test]
    public async Task Read_WithALongerLifetime_KeepsItAsLong()
    {
        var time = new ManualTime();
        var store = new InMemoryMaskVaultStore(1_000_000, time);
        await store.AddAsync("a", [new("[P]", new byte[1])], Hour, default);
        await store.ReadAsync("a", 3 * Hour, default);
        time.Advance(2 * Hour);
        Assert.That(await store.ReadAsync("a", 3 * Hour, default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Add_AVaultWhoseTimeIsOver_IsForgottenUnasked()
    {
        var time = new ManualTime();
        var store = new InMemoryMaskVaultStore(1_000_000, time);
        await store.AddAsync("a", [new("[P]", new byte[1])], Hour, default);
        var one = store.Bytes;
        time.Advance(Hour);
        await store.AddAsync("b", [new("[P]", new byte[1])], Hour, default);
        Assert.That(store.Bytes, Is.EqualTo(one));
    }

    [Test]
    public async Task Add_WhatJustFits_Stays()
    {
        var measured = new InMemoryMaskVaultStore(1_000_000, new ManualTime());
        await measured.AddAsync("a", [new("[P]", new byte[1])], Hour, default);
        var store = new InMemoryMaskVaultStore(measured.Bytes, new ManualTime());
        await store.AddAsync("a", [new("[P]", new byte[1])], Hour, default);
        Assert.That(await store.ReadAsync("a", Hour, default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Add_MoreThanAVaultHolds_KeepsTheFirst()
    {
        var store = new InMemoryMaskVaultStore(100_000_000, new ManualTime());
        await store.AddAsync(
            "a", [.. Enumerable.Range(0, MaskVault.MaxValues + 1).Select(i => new SealedOriginal($"[P_{i}]", new byte[1]))], Hour, default);
        Assert.That(await store.ReadAsync("a", Hour, default), Has.Count.EqualTo(MaskVault.MaxValues));
    }

    [Test]
    public async Task Add_ManyVaults_StaysWithinItsRoom()
    {
        var store = new InMemoryMaskVaultStore(10_000, new ManualTime());
        for (var i = 0; i < 1000; i++)
        {
            await store.AddAsync($"vault{i}", [new("[P]", new byte[100])], Hour, default);
            Assert.That(store.Bytes, Is.LessThanOrEqualTo(10_000));
        }
    }
}

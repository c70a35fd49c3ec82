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

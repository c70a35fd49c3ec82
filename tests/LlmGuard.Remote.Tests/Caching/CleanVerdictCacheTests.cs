using LlmGuard.Remote.Caching;
using LlmGuard.Tests;

namespace LlmGuard.Remote.Tests.Caching;

public sealed class CleanVerdictCacheTests
{
    private static readonly Uri Address = new("https://judge.example/v1");

    private readonly ManualTime _time = new();

    [Test]
    public void Contains_AfterTheLifetime_IsFalse()
    {
        var cache = new CleanVerdictCache(TimeSpan.FromMinutes(5), 100, _time);
        var key = Key(cache);
        cache.Add(key);

        Assert.That(cache.Contains(key), Is.True);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(cache.Contains(key), Is.False);
    }

    [Test]
    public void KeyOf_AnyDifference_IsAnother()
    {
        var cache = new CleanVerdictCache(TimeSpan.FromMinutes(5), 100, _time);
        UInt128[] keys =
        [
            Key(cache),
            Key(cache, consumer: "alice"),
            Key(cache, consumer: "bob"),
            Key(cache, consumer: ""),
            Key(cache, stage: GuardrailStage.PreResponse),
            Key(cache, path: "/v2"),
            Key(cache, body: "other"),
        ];

        Assert.That(keys, Is.Unique);
        Assert.That(Key(cache), Is.EqualTo(keys[0]));
        Assert.That(Key(new CleanVerdictCache(TimeSpan.FromMinutes(5), 100, _time)), Is.Not.EqualTo(keys[0]), "keyed");
    }

    [Test]
    public void Add_FarMoreThanTheCapacity_StaysBoundedAndKeepsTheYoungest()
    {
        var cache = new CleanVerdictCache(TimeSpan.FromMinutes(5), 100, _time);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Add((UInt128)i);
        }

        Assert.That(Enumerable.Range(0, 10_000).Count(i => cache.Contains((UInt128)i)), Is.InRange(50, 100));
        Assert.That(cache.Contains(9_999), Is.True);
    }

    private static UInt128 Key(
        CleanVerdictCache cache,
        string? consumer = null,
        GuardrailStage stage = GuardrailStage.PreRequest,
        string path = "/v1",
        string body = "text")
    {
        var call = new GuardrailCall(stage, GuardrailContent.Empty) { Caller = new GuardrailCaller(consumer) };
        return cache.KeyOf(call, new Uri(Address, path), System.Text.Encoding.UTF8.GetBytes(body));
    }
}

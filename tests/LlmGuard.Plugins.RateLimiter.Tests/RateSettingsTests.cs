using LlmGuard.Counters;
using LlmGuard.Plugins.RateLimiter.Settings;

namespace LlmGuard.Plugins.RateLimiter.Tests;

[TestFixture]
public sealed class RateSettingsTests
{
    private static readonly TestCaseData[] Refused =
    [
        Case("""{}""", "$.limits: must hold at least one limit"),
        Case("""{"limits":[]}""", "$.limits: must hold at least one limit"),
        Case("""{"limits":[{"limit":1,"window":"1s"}]}""", "$.limits[0].by: is required"),
        Case("""{"limits":[{"by":"user","window":"1s"}]}""", "$.limits[0].limit: is required"),
        Case("""{"limits":[{"by":"user","limit":5}]}""", "$.limits[0].window: is required"),
        Case("""{"limits":[{"by":"user","limit":0,"window":"1s"}]}""", "$.limits[0].limit: 0 is out of range"),
        Case("""{"limits":[{"by":"user","limit":1.5,"window":"1s"}]}""", "$.limits[0].limit: expected a whole number"),
        Case("""{"limits":[{"by":"user","limit":5,"window":"500ms"}]}""", "$.limits[0].window: 500ms is out of range"),
        Case("""{"limits":[{"by":"ua","limit":5,"window":"1s"}]}""", "$.limits[0].by: expected one of"),
        Case("""{"limits":[{"by":"header","limit":5,"window":"1s","trusted":true}]}""", "$.limits[0].name: is required"),
        Case("""{"limits":[{"by":"header","name":"X-Tenant","limit":5,"window":"1s"}]}""", "$.limits[0].trusted: must be true"),
        Case("""{"limits":[{"by":"user","name":"X-Tenant","limit":5,"window":"1s"}]}""",
            "$.limits[0].name: has no effect unless \"by\" is \"header\""),
        Case("""{"limits":[{"by":"user","limit":5,"window":"1s","cost":6}]}""", "$.limits[0].limit: is less than one call costs"),
        Case("""{"limits":[{"by":"user","limit":5,"window":"1s","burst":2}]}""",
            "$.limits[0].burst: has no effect unless the algorithm is \"gcra\": expected no such key, found 2"),
        Case("""{"limits":[{"by":"user","limit":5,"window":"1s"},{"by":"user","limit":6,"window":"1s"}]}""",
            "$.limits: limits the same by the same window twice"),
        Case("""{"limits":{"per_ua":{"limit":5,"window":"1s"},"global":{"limit":5,"window":"1s"}}}""", "$.limits: knows no type \"per_ua\""),
        Case("""{"limits":{"per_ua":{"limit":5,"window":"1s"}}}""", "$.limits: expected an array"),
        Case("""{"limits":{"global":{"limit":5,"window":"1s","size":1}}}""", "$.limits.global.size: unknown key"),
        Case("""{"limits":{"global":{"limit":5,"window":"1s"}},"actions":{"type":"warn"}}""", "$.actions.type: expected one of"),
        Case("""{"limits":{"global":{"limit":5,"window":"1s"}},"actions":{"retry_after":"soon"}}""",
            "$.actions.retry_after: expected seconds as text"),
        Case("""{"limits":{"global":{"limit":5,"window":"1s"}},"actions":{"retry_after":"5"},"retry_after":"6"}""",
            "$.retry_after: says something else"),
        Case("""{"limits":[{"by":"user","windows":[]}]}""", "$.limits[0].windows: must hold at least one window"),
        Case("""{"limits":[{"by":"user","limit":5,"window":"1s"},{"by":"global","windows":[]}]}""",
            "$.limits[1].windows: must hold at least one window"),
        Case("""{"limits":{"global":{"limit":5,"window":"1s"}},"actions":{"max_delay":"2s"}}""", "$.actions.max_delay: has no effect"),
        Case("""{"limits":{"global":{"limit":5,"window":"1s"}},"actions":{"type":"flag","max_delayed":3}}""", "$.actions.max_delayed: has no effect"),
        Case("""{"limits":{"global":{"limit":5,"window":"1s"}},"algorithm":"leaky"}""", "$.algorithm: expected one of"),
    ];

    [TestCaseSource(nameof(Refused))]
    public void Read_Wrong_SaysWhere(string json, string problem) =>
        Assert.That(new Limiter(json).Settings.Problems.Select(p => $"{p.Path}: {p.Message}"), Has.Some.StartsWith(problem));

    [Test]
    public void Read_TheGuidesMap_IsTheSameAsAList()
    {
        var map = Read("""{"limits":{"global":{"limit":100,"window":"1m"},"per_ip":{"limit":10,"window":"1m"},"per_user":{"limit":5,"window":"1m"}},"actions":{"type":"reject","retry_after":"60"}}""");
        var list = Read("""{"limits":[{"by":"global","limit":100,"window":"1m"},{"by":"ip","limit":10,"window":"1m"},{"by":"user","limit":5,"window":"1m"}],"retry_after":"60"}""");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(map.Limits.Select(l => (l.Whom, l.Windows.Single())), Is.EqualTo(list.Limits.Select(l => (l.Whom, l.Windows.Single()))));
            Assert.That(map.Limits.Select(l => l.Type), Is.EqualTo(new[] { "global", "per_ip", "per_user" }));
            Assert.That((map.RetryAfter, list.RetryAfter), Is.EqualTo((TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1))));
        }
    }

    [Test]
    public void Read_SeveralWindowsAndConcurrency_AreAllThere()
    {
        var limit = Read("""{"algorithm":"gcra","limits":[{"by":"consumer","limit":5,"window":"1s","burst":2,"windows":[{"limit":100,"window":"1m"}],"max_concurrent":3}]}""").Limits.Single();
        Assert.That(limit.Windows, Is.EqualTo(new RateWindow[]
        {
            new(CounterAlgorithm.Gcra, 5, TimeSpan.FromSeconds(1), 2),
            new(CounterAlgorithm.Gcra, 100, TimeSpan.FromMinutes(1)),
            new(CounterAlgorithm.Concurrency, 3, GuardrailCounters.LeaseDuration),
        }));
    }

    [Test]
    public void Read_ConcurrencyAlone_NeedsNoWindow() =>
        Assert.That(Read("""{"limits":[{"by":"global","max_concurrent":3}]}""").Limits.Single().Windows, Has.Count.EqualTo(1));

    [Test]
    public void Needs_OnlyAModelMakesTheBodyBeRead()
    {
        var counters = new Limiter("""{"limits":[{"by":"global","max_concurrent":3}]}""").Counters;
        GuardrailNeeds Of(string by) =>
            new RateEvaluator(RateSettings.Read(GuardrailSettings.Parse($$"""{"limits":[{"by":"{{by}}","limit":1,"window":"1s"}]}""")),
                counters).Needs;
        Assert.That((Of("model"), Of("key")), Is.EqualTo((GuardrailNeeds.BodyMetrics, GuardrailNeeds.None)));
    }

    private static TestCaseData Case(string json, string problem) => new TestCaseData(json, problem).SetArgDisplayNames(problem);

    private static RateSettings Read(string json)
    {
        var settings = GuardrailSettings.Parse(json);
        var read = RateSettings.Read(settings);
        settings.ReportUnread();
        Assert.That(settings.Problems, Is.Empty);
        return read;
    }
}

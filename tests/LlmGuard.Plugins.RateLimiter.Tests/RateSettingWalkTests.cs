using System.Globalization;
using LlmGuard.Counters;
using LlmGuard.Counters.Memory;
using LlmGuard.Tests;

namespace LlmGuard.Plugins.RateLimiter.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
[TestFixture]
public sealed class RateSettingWalkTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private static readonly string[] Dimensions = ["global", "ip", "user", "consumer", "group", "key", "fingerprint", "header", "model"];

    private static readonly string[] Shapes =
    [
        """ "limit": 3, "window": "10s" """,
        """ "windows": [{"limit": 3, "window": "10s"}] """,
        """ "max_concurrent": 2 """,
        """ "limit": 3, "window": "10s", "max_concurrent": 6 """,
    ];

    // Every caller there may be: with and without each thing that a limit tells apart.
    private static readonly Func<GuardrailCall>[] Calls =
    [
        static () => Limiter.Call("alice", "10.0.0.1", "m1", ["a"], new FakeHeaders(("X-A", "1"), ("X-B", "1")) { CredentialHash = "k1" }),
        static () => Limiter.Call("bob", "10.0.0.1", "m2", ["a", "b"], new FakeHeaders(("X-A", "1"), ("X-B", "2")) { CredentialHash = "k1" }),
        static () => Limiter.Call("alice", "10.0.0.2", "m1", ["b"], new FakeHeaders(("X-A", "2")) { CredentialHash = "k2" }),
        static () => Limiter.Call(ip: "10.0.0.1", model: "m1"),
        static () => Limiter.Call(ip: "10.0.0.2"),
        static () => Limiter.Call(model: "m2"),
        static () => Limiter.Call(),
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var walk = new SettingWalk(new RateLimiterPlugin(new Limiter("{}").Counters), BehaviourOf)
        {
            Values =
            {
                ["name"] = ["\"X-A\"", "\"X-B\""],
                ["retry_after"] = ["\"60\"", "\"600\""],
                ["max_delay"] = ["\"1ms\"", "\"1m\""],
                ["max_delayed"] = ["1", "2"],
                ["window"] = ["\"5s\"", "\"1h\""],
            },
        };
        var ignored = walk.FindIgnored(Documents());
        Assert.That(walk.Tried, Is.GreaterThan(3000));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static IEnumerable<string> Documents() =>
        from dimension in Dimensions
        from shape in Shapes
        from algorithm in (string[])["sliding_window", "gcra", "fixed_window"]
        from action in (string[])["reject", "throttle", "flag"]
        let header = dimension == "header" ? """ "name": "X-A", "trusted": true, """ : ""
        let actions = action switch
        {
            "reject" => "",
            "throttle" => """, "actions": {"type": "throttle", "max_delay": "12s"}""",
            _ => """, "actions": {"type": "flag"}""",
        }
        select $$"""
            {"algorithm": "{{algorithm}}", "limits": [{"by": "{{dimension}}", {{header}} {{shape}} }] {{actions}} }
            """.Replace("\"algorithm\": \"sliding_window\", ", "", StringComparison.Ordinal);

    // What two rounds of calls see, eight of each caller at once, while time goes on where one waits for it.
    private static string? BehaviourOf(string document)
    {
        var time = new ManualTime();
        var metrics = new CounterMetrics(null);
        var store = new InMemoryCounterStore(10_000, time, metrics);
        var settings = GuardrailSettings.Parse(document);
        var evaluator = new RateLimiterPlugin(new GuardrailCounters(store, store, time, metrics)).Create(settings);
        settings.ReportUnread();
        if (settings.Problems.Count > 0)
        {
            return null;
        }

        var seen = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            foreach (var call in Calls)
            {
                var calls = Enumerable.Range(0, 8).Select(_ => call()).ToArray();
                var pending = calls.Select(c => evaluator.EvaluateAsync(c, CancellationToken.None).AsTask()).ToArray();
                while (!AreOver(pending, time))
                {
                    time.Advance(Step);
                }

                seen.AddRange(pending.Select(static p => Told(p.Result)));
                Array.ForEach(calls, static c => (c.State.Value as IDisposable)?.Dispose());
            }

            time.Advance(TimeSpan.FromSeconds(6));
        }

        return string.Join('\n', seen);
    }

    // A call that is woken goes on elsewhere: until it is over, or waits again, time must stand still.
    private static bool AreOver(Task[] pending, ManualTime time)
    {
        SpinWait.SpinUntil(() => pending.Count(static p => !p.IsCompleted) == time.Waiting);
        return time.Waiting == 0;
    }

    private static string Told(GuardrailVerdict verdict)
    {
        var headers = string.Join(", ", verdict.ResponseHeaders.Select(static h => $"{h.Key}={h.Value}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"{verdict.Outcome} {verdict.Refusal?.Reason} {string.Join(',', verdict.Findings.Select(static f => f.Rule))} {headers}");
    }
}

using System.Globalization;
using System.Net;
using LlmGuard.Counters;
using LlmGuard.Counters.Memory;
using LlmGuard.Tests;

namespace LlmGuard.Plugins.TokenRateLimiter.Tests;

/// <summary>Nothing that a policy may say of this plugin is accepted and ignored.</summary>
[TestFixture]
public sealed class TokenSettingWalkTests
{
    private const string Prices = """ "prices": [{"model": "m1", "input": 1, "output": 2}, {"model": "m*", "input": 0.5, "output": 1}, {"model": "n1", "input": 0.2, "output": 0.3}] """;

    private static readonly string[] Budgets =
    [
        """ "tokens_per_minute": 20000 """,
        """ "requests_per_minute": 5 """,
        """ "max_concurrent": 2 """,
        """ "aggregate": {"max": 20000, "time_window": "1m"} """,
        """ "windows": [{"max": 20000, "time_window": "1m"}] """,
        """ "window": {"unit": "minute", "max": 20000} """,
        """ "rules": [{"model": "m*", "max": 20000, "time_window": "1m"}, {"model": "m1", "max": 9000, "time_window": "1m"}] """,
        """ "tokens_per_minute": 20000, "requests_per_minute": 5 """,
        """ "max_tokens": 50 """,
        $$""" {{Prices}}, "cost_cap": {"max_output_cost_per_1k_tokens": 0.0015} """,
        $$""" {{Prices}}, "cost_cap": {"max_input_cost_per_1k_tokens": 0.0009, "behavior_on_violation": "downgrade", "downgrade_to": "m2"} """,
        $$""" {{Prices}}, "cost_cap": {"per_model_overrides": {"m*": {"max_input_cost_per_1k_tokens": 0.0007} } }, "aggregate": {"max": 20000, "time_window": "1m"} """,
        $$""" {{Prices}}, "unit": "dollars", "aggregate": {"max": 0.02, "time_window": "1m"} """,
        $$""" {{Prices}}, "unit": "dollars", "rules": [{"model": "*", "max": 0.02, "time_window": "1m"}] """,
        """ "unit": "dollars", "custom_pricing": {"m1": {"input": 0.000001, "output": 0.000002}, "m2": {"input": 0.0000005, "output": 0.000001}}, "windows": [{"max": 0.02, "time_window": "1m"}] """,
    ];

    private static readonly string[] Additions =
    [
        "", """, "by": "ip" """, """, "by": "header", "name": "X-A", "trusted": true """, """, "by": "global" """, """, "counting": "input" """,
        """, "counting": "output" """, """, "count_cache_reads": false """, """, "algorithm": "gcra" """,
        """, "behavior_on_exceeded": "downgrade_model", "downgrade_to": "m2" """, """, "max_tokens": 50 """,
    ];

    // Callers and models, with what the provider reports: also a model without a price, parts that are not text, and no limit of the answer.
    private static readonly (Func<GuardrailCall> Call, TokenUsage? Usage)[] Calls =
    [
        (static () => Call("alice", "10.0.0.1", "m1", 4000, 500), new TokenUsage(1000, 400, null, 600, 300)),
        (static () => Call("alice", "10.0.0.2", "m2", 4000, null, opaque: 1), new TokenUsage(1500, 900, null, 100, 50)),
        (static () => Call("bob", "10.0.0.1", "m1", 4000, null), null),
        (static () => Call("bob", "10.0.0.2", "other", 100, 5000, opaque: 2), null),
        (static () => Call(null, "10.0.0.1", "m1", 400, 100, opaque: 1), new TokenUsage(200, 100, null)),
        (static () => Call("carol", "10.0.0.3", "n1", 4000, 500), new TokenUsage(1000, 400, null, 600, 300)),
        (static () => Call(null, null, "m2", 400, 100), null),
    ];

    [Test]
    public void Settings_EveryOneInEveryDocument_IsHonouredOrRefused()
    {
        var walk = new SettingWalk(new TokenRateLimiterPlugin(Counters(new ManualTime()), []), BehaviourOf)
        {
            Values =
            {
                ["name"] = ["\"X-A\"", "\"X-B\""],
                ["enabled"] = ["false"],
                ["time_window"] = ["\"5s\"", "\"1h\""],
                ["model"] = ["\"m1\"", "\"m2\"", "\"nobodys\""],
                ["max"] = ["0.01", "3000", "100000"],
                ["tokens_per_minute"] = ["9000", "50000"],
                ["bucket_size"] = ["9000", "50000"],
                ["tokens_per_request"] = ["6000", "7000"],
                ["default_output_tokens"] = ["10", "3000"],
                ["opaque_tokens"] = ["0", "5000"],
                ["max_tokens"] = ["20", "60"],
                ["downgrade_to"] = ["\"m2\"", "\"m3\""],
                ["input"] = ["0.0000001", "2"],
                ["output"] = ["0.0000001", "2"],
                ["cached_input"] = ["0", "2"],
                ["reasoning"] = ["0", "3"],
                ["max_input_cost_per_1k_tokens"] = ["0.00001", "1"],
                ["max_output_cost_per_1k_tokens"] = ["0.00001", "1"],
            },
        };
        // What a model costs is a fact, of which a policy may need the one half or the other.
        walk.Remarks.UnionWith(["input", "output"]);
        var documents = from budget in Budgets
                        from addition in Additions
                        where !(budget + addition).Contains("\"max_tokens\": 50 , \"max_tokens\"", StringComparison.Ordinal)
                        select "{" + budget + addition + "}";
        var ignored = walk.FindIgnored(documents);
        Assert.That(walk.Tried, Is.GreaterThan(2000));
        Assert.That(string.Join('\n', ignored), Is.Empty);
    }

    private static GuardrailCounters Counters(ManualTime time)
    {
        var metrics = new CounterMetrics(null);
        var store = new InMemoryCounterStore(10_000, time, metrics);
        return new GuardrailCounters(store, store, time, metrics);
    }

    private static GuardrailCall Call(string? consumer, string? ip, string model, int bytes, long? maxTokens, int opaque = 0) =>
        new(GuardrailStage.PreRequest, GuardrailContent.Empty)
    {
        Caller = new GuardrailCaller(consumer, consumer is null ? [] : [consumer[..1]]),
        RemoteAddress = ip is null ? null : IPAddress.Parse(ip),
        Headers = new FakeHeaders(consumer),
        Dialect = "openai.chat_completions",
        Model = model,
        MaxTokens = maxTokens,
        Body = new BodyMetrics { HasBody = true, TextBytes = bytes, OpaqueParts = opaque },
    };

    // Three rounds of calls, two of each at once, each settled when both are under way.
    private static string? BehaviourOf(string document)
    {
        var time = new ManualTime();
        var settings = GuardrailSettings.Parse(document);
        var evaluator = new TokenRateLimiterPlugin(Counters(time), []).Create(settings);
        settings.ReportUnread();
        if (settings.Problems.Count > 0)
        {
            return null;
        }

        GuardrailVerdict Evaluate(GuardrailCall call) => evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var seen = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            foreach (var (make, usage) in Calls)
            {
                GuardrailCall[] calls = [make(), make(), make()];
                seen.AddRange(calls.Select(call => Told(Evaluate(call))));
                foreach (var call in calls)
                {
                    Evaluate(new GuardrailCall(GuardrailStage.PostResponse, GuardrailContent.Empty)
                    {
                        Caller = call.Caller,
                        Dialect = call.Dialect,
                        Model = call.Model,
                        Usage = usage,
                        UpstreamStatus = 200,
                        Ending = CallEnding.Completed,
                        State = call.State,
                    });
                    (call.State.Value as IDisposable)?.Dispose();
                }
            }

            time.Advance(TimeSpan.FromSeconds(6));
        }

        return string.Join('\n', seen);
    }

    private static string Told(GuardrailVerdict verdict)
    {
        var headers = string.Join(", ", verdict.ResponseHeaders.Select(static h => $"{h.Key}={h.Value}"));
        var changes = string.Join(", ", verdict.RequestChanges.Select(static c => c switch
        {
            RequestChange.Model model => model.Name,
            RequestChange.MaxTokens most => most.Limit.ToString(CultureInfo.InvariantCulture),
            _ => c.GetType().Name,
        }));
        return string.Create(CultureInfo.InvariantCulture,
            $"{verdict.Outcome} {verdict.Refusal?.Reason} {string.Join(',', verdict.Findings.Select(static f => f.Rule))} {changes} {headers}");
    }

    private sealed class FakeHeaders(string? consumer) : IRequestHeaders
    {
        public string? CredentialHash => consumer is null ? null : "key of " + consumer;

        public string? Find(string name) => name switch
        {
            "x-a" => consumer,
            "x-b" => consumer is null ? null : "everybody",
            _ => null,
        };
    }
}

using LlmGuard.Counters;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Plugins.RateLimiter.Tests;

/// <summary>The limiter in the engine: modes, failure policies, endings and reloads.</summary>
[TestFixture]
public sealed class RateEngineTests
{
    private static string Policy(string settings, string more = "") =>
        $$"""{"gateway":{"required_plugins":[{"name":"rate_limiter"{{more}},"settings":{{settings}} } ] } }""";

    [TestCase(GuardrailSeam.Code)]
    [TestCase(GuardrailSeam.Mcp)]
    [TestCase(GuardrailSeam.Chat)]
    public async Task Calls_OfAnySeam_AreCounted(GuardrailSeam seam)
    {
        await using var services = Services(Policy("""{"limits":{"global":{"limit":2,"window":"1m"}}}"""));
        Assert.That(await ManyAsync(services, 4, new GuardedCallOptions { Seam = seam }), Is.EqualTo(2));
    }

    [Test]
    public async Task Refusal_IsA429WithTheHeaders()
    {
        await using var services = Services(Policy("""{"limits":{"global":{"limit":1,"window":"1m"}}}"""));
        await DecideAsync(services);
        var decision = await DecideAsync(services);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((decision.Refusal?.StatusCode, decision.Refusal?.Code, decision.Refusal?.Reason),
                Is.EqualTo((429, "rate_limiter", "rate_limit_exceeded")));
            Assert.That(decision.ResponseHeaders.Select(h => h.Key),
                Is.SupersetOf(new[] { "RateLimit", "RateLimit-Policy", "Retry-After", "X-RateLimit-global-Remaining" }));
        }
    }

    [Test]
    public async Task TwoEntries_TellOfBothInOneHeader()
    {
        await using var services = Services("""
            {"gateway":{"required_plugins":[
                {"name":"rate_limiter","settings":{"limits":{"global":{"limit":9,"window":"1m"}}}},
                {"name":"rate_limiter","id":"second","settings":{"limits":{"per_model":{"limit":5,"window":"1m"}}}}]}}
            """);
        var decision = await DecideAsync(services);
        Assert.That(
            decision.ResponseHeaders.Single(h => h.Key == "RateLimit-Policy").Value, Is.EqualTo("\"global\";q=9;w=60, \"per_model\";q=5;w=60"));
    }

    [Test]
    public async Task Monitor_CountsAndNeverRefuses()
    {
        await using var services = Services(Policy("""{"limits":{"global":{"limit":1,"window":"1m"}}}""", ",\"mode\":\"monitor\""));
        Assert.That(await ManyAsync(services, 5), Is.EqualTo(5));
    }

    [Test]
    public async Task Concurrency_EndsWithTheCall()
    {
        await using var services = Services(Policy("""{"limits":[{"by":"global","max_concurrent":1}]}"""));
        var guardrails = services.GetRequiredService<IAiGuardrails>();
        var first = guardrails.Begin(new GuardedCallOptions());
        Assert.That((await first.EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.Empty)).IsAllowed, Is.True);
        Assert.That((await DecideAsync(services)).IsAllowed, Is.False);
        await first.DisposeAsync();
        Assert.That((await DecideAsync(services)).IsAllowed, Is.True);
    }

    [TestCase("allow", null)]
    [TestCase("block", 503)]
    public async Task StoreDown_IsWhatThePolicySays(string onError, int? status)
    {
        var broken = new BrokenStore(TimeProvider.System);
        await using var services = Services(
            Policy("""{"limits":{"global":{"limit":2,"window":"1m"}}}""", $",\"on_error\":\"{onError}\""),
            s => s.AddSingleton<ICounterStore>(broken));
        var decision = await DecideAsync(services);
        Assert.That((decision.Refusal?.StatusCode, decision.Results.Single().FailedOpen), Is.EqualTo((status, status is null)));
        await DecideAsync(services);
        Assert.That((await DecideAsync(services)).Refusal?.StatusCode, Is.EqualTo(429), "meanwhile this process counts");
        broken.IsDown = false;
        Assert.That((await DecideAsync(services)).Results.Single().Failure, Is.Null, "and the store is asked again");
    }

    [Test]
    public async Task Reload_KeepsTheCounters()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.json");
        try
        {
            await File.WriteAllTextAsync(file, Policy("""{"limits":{"global":{"limit":3,"window":"1h"}}}"""));
            await using var services = Services(null, configure: o =>
            {
                o.PolicyFiles.Add(file);
                o.ReloadDelay = TimeSpan.Zero;
            });
            Assert.That(await ManyAsync(services, 3), Is.EqualTo(3));
            var before = (await DecideAsync(services)).Revision;
            await File.WriteAllTextAsync(file, Policy("""{"limits":{"global":{"limit":5,"window":"1h"}}}"""));
            var decision = await DecideAsync(services);
            var passed = 0;
            for (var i = 0; i < 50_000_000 && decision.Revision == before; i++)
            {
                await Task.Yield();
                decision = await DecideAsync(services);
            }

            Assert.That(decision.Revision, Is.Not.EqualTo(before));
            passed += decision.IsAllowed ? 1 : 0;
            passed += await ManyAsync(services, 5);
            Assert.That(passed, Is.EqualTo(2));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<int> ManyAsync(ServiceProvider services, int calls, GuardedCallOptions? options = null)
    {
        var passed = 0;
        for (var i = 0; i < calls; i++)
        {
            passed += (await DecideAsync(services, options)).IsAllowed ? 1 : 0;
        }

        return passed;
    }

    private static async Task<GuardrailDecision> DecideAsync(ServiceProvider services, GuardedCallOptions? options = null) =>
        await services.GetRequiredService<IAiGuardrails>()
            .EvaluateAsync(GuardrailStage.PreRequest, GuardrailContent.FromText("a question", SegmentRole.User), options);

    private static ServiceProvider Services(string? policy, Action<IServiceCollection>? add = null, Action<AiGuardrailsOptions>? configure = null)
    {
        var services = new ServiceCollection();
        add?.Invoke(services);
        services.AddAiGuardrails(o =>
        {
            o.PolicyJson = policy;
            configure?.Invoke(o);
        }).AddRateLimiter();
        return services.BuildServiceProvider();
    }
}

using static LlmGuard.Plugins.RateLimiter.Tests.Limiter;

namespace LlmGuard.Plugins.RateLimiter.Tests;

/// <summary>What becomes of a call that several limits or their settings have a say in.</summary>
public sealed class RateOutcomeTests
{
    [Test]
    public void Metadata_Plugin_IsWhatTheReadmeSays()
    {
        var metadata = new RateLimiterPlugin(new Limiter("""{"limits":{"global":{"limit":1,"window":"1m"}}}""").Counters).Metadata;
        Assert.That(
            (metadata.Name, metadata.DefaultPriority, metadata.DefaultOnError, metadata.DefaultTimeoutMs, metadata.DefaultStatusCode),
            Is.EqualTo(("rate_limiter", 20, FailurePolicy.Allow, 70_000, 429)));
        Assert.That((metadata.Stages, metadata.SendsContentOut), Is.EqualTo((new[] { GuardrailStage.PreRequest }, false)));
    }

    [Test]
    public async Task Refusal_BySecondOfTwoLimits_NamesThatOne()
    {
        var limiter = new Limiter("""{"limits":[{"by":"global","limit":100,"window":"1m"},{"by":"consumer","limit":1,"window":"1m"}]}""");
        await limiter.EvaluateAsync(Call("alice"));
        var verdict = await limiter.EvaluateAsync(Call("alice"));
        Assert.That((verdict.Refusal?.Message, verdict.Refusal?.Reason), Is.EqualTo(("per_consumer rate limit exceeded", "rate_limit_exceeded")));
    }

    [Test]
    public async Task Flag_BeyondTheLimit_SaysNothingOfTryingAgain()
    {
        var limiter = new Limiter("""{"limits":{"global":{"limit":1,"window":"1m"}},"actions":{"type":"flag"}}""");
        await limiter.EvaluateAsync(Call());
        Assert.That(Header(await limiter.EvaluateAsync(Call()), "Retry-After"), Is.Null, "it has passed");
    }

    [Test]
    public async Task Flag_StoreDownAndBeyondTheLimitOfThisProcess_IsAFailure()
    {
        var limiter = new Limiter(
            """{"limits":{"global":{"limit":1,"window":"1m"}},"actions":{"type":"flag"}}""", new BrokenStore(TimeProvider.System));
        await limiter.EvaluateAsync(Call());
        var verdict = await limiter.EvaluateAsync(Call());
        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.CounterUnavailable)));
    }

    [Test]
    public async Task MissingIdentityRefused_CallerThatIsKnown_Passes()
    {
        var limiter = new Limiter("""{"limits":[{"by":"consumer","limit":5,"window":"1m","missing":"reject"}]}""");
        Assert.That((await limiter.EvaluateAsync(Call("alice"))).Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    [Test]
    public async Task MissingIdentity_WithAnAddress_IsCountedAndNotFlagged()
    {
        var limiter = new Limiter("""{"limits":[{"by":"consumer","limit":1,"window":"1m"}]}""");
        Assert.That((await limiter.EvaluateAsync(Call(ip: "192.0.2.1"))).Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That(await limiter.PassesAsync(Call(ip: "192.0.2.1")), Is.False);
    }

    [Test]
    public async Task Cost_BesideMaxConcurrent_TakesOneSlot()
    {
        var limiter = new Limiter("""{"limits":[{"by":"consumer","limit":10,"window":"1m","cost":3,"max_concurrent":2}]}""");
        var verdict = await limiter.EvaluateAsync(Call("alice"));
        Assert.That(Header(verdict, "RateLimit"), Does.StartWith("\"per_consumer\";r=7;").And.EndWith("\"per_consumer_concurrent\";r=1"));
    }

    [Test]
    public async Task OlderHeaders_SlotsScarcerThanTheWindow_StillTellOfTheWindow()
    {
        var limiter = new Limiter("""{"limits":[{"by":"consumer","limit":100,"window":"1m","max_concurrent":1}]}""");
        var verdict = await limiter.EvaluateAsync(Call("alice"));
        Assert.That(
            (Header(verdict, "X-RateLimit-per_consumer-Limit"), Header(verdict, "X-RateLimit-per_consumer-Remaining")), Is.EqualTo(("100", "99")));
    }

    [Test]
    public async Task OlderHeaders_SlotsAlone_HaveNone()
    {
        var limiter = new Limiter("""{"limits":[{"by":"consumer","max_concurrent":1}]}""");
        var verdict = await limiter.EvaluateAsync(Call("alice"));
        Assert.That(verdict.ResponseHeaders.Select(static h => h.Key), Is.EqualTo(new[] { "RateLimit-Policy", "RateLimit" }));
    }

    [TestCase(32, true)]
    [TestCase(33, false)]
    public void Limits_AsManyAsThereMayBe_AreRead(int windows, bool isRead)
    {
        var items = string.Join(',', Enumerable.Range(1, windows).Select(static i => $$"""{"by":"global","limit":5,"window":"{{i}}m"}"""));
        Assert.That(new Limiter($$"""{"limits":[{{items}}]}""").Settings.Problems, isRead ? Is.Empty : Is.Not.Empty);
    }

    [Test]
    public async Task Throttle_RoomExactlyAtTheLongestDelay_IsWaitedFor()
    {
        var limiter = new Limiter(
            """{"algorithm":"gcra","limits":{"global":{"limit":60,"window":"1m","burst":1}},"actions":{"type":"throttle","max_delay":"1s"}}""");
        await limiter.EvaluateAsync(Call());
        var waiting = limiter.PassesAsync(Call());
        Assert.That(waiting.IsCompleted, Is.False);
        limiter.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await waiting, Is.True);
    }
}

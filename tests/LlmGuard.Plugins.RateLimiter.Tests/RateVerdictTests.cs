using static LlmGuard.Plugins.RateLimiter.Tests.Limiter;

namespace LlmGuard.Plugins.RateLimiter.Tests;

[TestFixture]
public sealed class RateVerdictTests
{
    private static readonly FakeHeaders Tenant = new(("X-Tenant", "t1"));

    private static readonly TestCaseData[] Identities =
    [
        new("user", Call("alice"), Call("alice"), Call("bob")),
        new("consumer", Call("alice"), Call("alice"), Call("bob")),
        new("group", Call("alice", groups: ["gold"]), Call("bob", groups: ["gold"]), Call("bob", groups: ["silver"])),
        new("ip", Call(ip: "192.0.2.1"), Call("alice", "::ffff:192.0.2.1"), Call(ip: "192.0.2.2")),
        new("ip", Call(ip: "2001:db8:1:2::3"), Call(ip: "2001:db8:1:2:ffff::"), Call(ip: "2001:db8:1:3::3")),
        new("model", Call(model: "a"), Call(model: "a"), Call(model: "b")),
        new("key", Keyed("k"), Keyed("k"), Keyed("l")),
        new("fingerprint", Call("alice", "192.0.2.1"), Call("alice", "192.0.2.1"), Call("alice", "192.0.2.2")),
    ];

    [TestCaseSource(nameof(Identities))]
    public async Task Limit_By_TellsCallsApart(string by, GuardrailCall one, GuardrailCall same, GuardrailCall other)
    {
        var limiter = new Limiter($$"""{"limits":[{"by":"{{by}}","limit":1,"window":"1m"}]}""");
        Assert.That(
            (await limiter.PassesAsync(one), await limiter.PassesAsync(same), await limiter.PassesAsync(other)), Is.EqualTo((true, false, true)));
    }

    [Test]
    public async Task Limit_ByTrustedHeader_TellsCallsApart()
    {
        var limiter = new Limiter("""{"limits":[{"by":"header","name":"X-Tenant","trusted":true,"limit":1,"window":"1m"}]}""");
        var other = new FakeHeaders(("X-Tenant", "t2"));
        Assert.That(
            (await limiter.PassesAsync(Call(headers: Tenant)), await limiter.PassesAsync(Call(headers: Tenant)),
                await limiter.PassesAsync(Call(headers: other))),
            Is.EqualTo((true, false, true)));
    }

    [Test]
    public async Task Limit_ByUser_IgnoresHeadersAClientCanSet()
    {
        var limiter = new Limiter("""{"limits":{"per_user":{"limit":1,"window":"1m"},"per_ip":{"limit":100,"window":"1m"}}}""");
        GuardrailCall Spoofed(string name) => Call("alice", "192.0.2.1", headers: new FakeHeaders(("X-User-ID", name), ("X-Forwarded-For", name)));
        Assert.That((await limiter.PassesAsync(Spoofed("1")), await limiter.PassesAsync(Spoofed("2"))), Is.EqualTo((true, false)));
    }

    [TestCase("address", 4, 2, Description = "by address, apart from callers of that name")]
    [TestCase("skip", 4, 4)]
    [TestCase("share", 2, 1)]
    [TestCase("reject", 0, 0)]
    public async Task Limit_MissingIdentity_IsWhatTheSettingSays(string missing, int ofTwoAddresses, int ofOne)
    {
        string settings = $$"""{"limits":[{"by":"user","limit":2,"window":"1m","missing":"{{missing}}"}]}""";
        var two = new Limiter(settings);
        var one = new Limiter(settings);
        if (missing == "share")
        {
            await one.PassesAsync(Call());
        }

        Assert.That(
            (await two.CountAsync(2, () => Call(ip: "192.0.2.1")) + await two.CountAsync(2, () => Call(ip: "192.0.2.2")),
                await one.CountAsync(4, () => Call(ip: "192.0.2.1"))),
            Is.EqualTo((ofTwoAddresses, ofOne)));
    }

    [Test]
    public async Task Limit_NothingTellsApart_PassesAndIsRecorded()
    {
        var verdict = await new Limiter("""{"limits":{"per_user":{"limit":1,"window":"1m"}}}""").EvaluateAsync(Call());
        Assert.That((verdict.Outcome, verdict.Findings.Single().Rule), Is.EqualTo((VerdictOutcome.Flag, "identity_missing")));
    }

    [Test]
    public async Task Limit_MissingIdentityRefused_IsAForbidden()
    {
        var verdict = await new Limiter("""{"limits":[{"by":"user","limit":1,"window":"1m","missing":"reject"}]}""").EvaluateAsync(Call());
        Assert.That(
            (verdict.Outcome, verdict.Refusal?.StatusCode, verdict.Refusal?.Reason), Is.EqualTo((VerdictOutcome.Block, 403, "identity_missing")));
    }

    [Test]
    public async Task Headers_WhenPassed_AreTrue()
    {
        var limiter = new Limiter("""{"limits":{"global":{"limit":100,"window":"1m"},"per_user":{"limit":3,"window":"1h"}}}""");
        await limiter.EvaluateAsync(Call("alice"));
        var verdict = await limiter.EvaluateAsync(Call("alice"));
        var reset = limiter.Time.GetUtcNow().ToUnixTimeSeconds();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Allow));
            Assert.That(Header(verdict, "RateLimit-Policy"), Is.EqualTo("\"global\";q=100;w=60, \"per_user\";q=3;w=3600"));
            Assert.That(Header(verdict, "RateLimit"), Is.EqualTo("\"global\";r=98;t=68, \"per_user\";r=1;t=4050"));
            Assert.That(Header(verdict, "X-RateLimit-global-Limit"), Is.EqualTo("100"));
            Assert.That(Header(verdict, "X-RateLimit-global-Remaining"), Is.EqualTo("98"));
            Assert.That(Header(verdict, "X-RateLimit-per_user-Remaining"), Is.EqualTo("1"));
            Assert.That(long.Parse(Header(verdict, "X-RateLimit-per_user-Reset")!, null), Is.EqualTo(reset + 4050));
            Assert.That(Header(verdict, "Retry-After"), Is.Null);
        }
    }

    [Test]
    public async Task Headers_WhenRefused_SayWhenToRetryAndItIsTrue()
    {
        var limiter = new Limiter("""{"algorithm":"fixed_window","limits":{"global":{"limit":1,"window":"1m"}}}""");
        limiter.Time.Shift(TimeSpan.FromSeconds(18.5));
        await limiter.EvaluateAsync(Call());
        var verdict = await limiter.EvaluateAsync(Call());
        using (Assert.EnterMultipleScope())
        {
            Assert.That((verdict.Outcome, verdict.Refusal?.Message, verdict.Refusal?.Reason),
                Is.EqualTo((VerdictOutcome.Block, "global rate limit exceeded", "rate_limit_exceeded")));
            Assert.That(Header(verdict, "Retry-After"), Is.EqualTo("42"));
            Assert.That(Header(verdict, "RateLimit"), Is.EqualTo("\"global\";r=0;t=42"));
        }

        limiter.Time.Shift(TimeSpan.FromSeconds(42));
        Assert.That(await limiter.PassesAsync(Call()), Is.True);
    }

    [TestCase("60", "60")]
    [TestCase("5", "42", Description = "never less than the truth")]
    public async Task Headers_RetryAfterOfTheSettings_IsTheLeast(string setting, string expected)
    {
        var limiter = new Limiter(
            $$$"""{"algorithm":"fixed_window","limits":{"global":{"limit":1,"window":"1m"}},"actions":{"retry_after":"{{{setting}}}"}}""");
        limiter.Time.Shift(TimeSpan.FromSeconds(18.5));
        await limiter.EvaluateAsync(Call());
        Assert.That(Header(await limiter.EvaluateAsync(Call()), "Retry-After"), Is.EqualTo(expected));
    }

    [Test]
    public async Task Headers_SeveralWindows_TheOldOnesShowTheScarcest()
    {
        var limiter = new Limiter("""{"limits":[{"by":"global","windows":[{"limit":2,"window":"1s"},{"limit":100,"window":"1m"}]}]}""");
        var verdict = await limiter.EvaluateAsync(Call());
        Assert.That((Header(verdict, "RateLimit-Policy"), Header(verdict, "X-RateLimit-global-Limit")),
            Is.EqualTo(("\"global_1s\";q=2;w=1, \"global_60s\";q=100;w=60", "2")));
    }

    [Test]
    public async Task Cost_IsTakenPerCall()
    {
        var limiter = new Limiter("""{"limits":[{"by":"global","limit":10,"window":"1m","cost":4}]}""");
        Assert.That(await limiter.CountAsync(4, () => Call()), Is.EqualTo(2));
    }

    [Test]
    public async Task Flag_BeyondTheLimit_PassesAndIsRecorded()
    {
        var limiter = new Limiter("""{"limits":{"global":{"limit":1,"window":"1m"}},"actions":{"type":"flag"}}""");
        await limiter.EvaluateAsync(Call());
        var verdict = await limiter.EvaluateAsync(Call());
        Assert.That((verdict.Outcome, verdict.Findings.Single().Rule), Is.EqualTo((VerdictOutcome.Flag, "global")));
    }

    [Test]
    public async Task Throttle_RoomSoon_WaitsForItAndStaysWithinTheLimit()
    {
        var limiter = new Limiter("""{"algorithm":"gcra","limits":{"global":{"limit":60,"window":"1m"}},"actions":{"type":"throttle"}}""");
        Assert.That(await limiter.CountAsync(60, () => Call()), Is.EqualTo(60));
        var waiting = limiter.PassesAsync(Call());
        Assert.That(waiting.IsCompleted, Is.False);
        limiter.Time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.That(waiting.IsCompleted, Is.False);
        limiter.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.That(await waiting, Is.True);
    }

    [Test]
    public async Task Throttle_RoomTooLate_RefusesAtOnce()
    {
        var limiter = new Limiter(
            """{"algorithm":"fixed_window","limits":{"global":{"limit":1,"window":"1m"}},"actions":{"type":"throttle","max_delay":"3s"}}""");
        await limiter.EvaluateAsync(Call());
        var second = limiter.PassesAsync(Call());
        Assert.That(second.IsCompleted && !await second, Is.True);
    }

    [TestCase(10, false)]
    [TestCase(11, true)]
    [TestCase(12, true)]
    public async Task Throttle_DeadlineBeforeTheLongestDelay_RefusesByTheLimit(int seconds, bool isDelayed)
    {
        var limiter = new Limiter(
            """{"algorithm":"gcra","limits":{"global":{"limit":6,"window":"1m","burst":1}},"actions":{"type":"throttle","max_delay":"1m"}}""");
        await limiter.EvaluateAsync(Call());
        limiter.Time.Advance(TimeSpan.FromSeconds(0.5));
        var second =
            limiter.PassesAsync(new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.Empty) { Timeout = TimeSpan.FromSeconds(seconds) });
        Assert.That(second.IsCompleted, Is.Not.EqualTo(isDelayed), "the delay needs 9.5 seconds, and a tenth of the deadline is for the store");
        limiter.Time.Advance(TimeSpan.FromSeconds(9.6));
        Assert.That(await second, Is.EqualTo(isDelayed));
    }

    [Test]
    public async Task Throttle_TooManyWait_RefusesTheNext()
    {
        var limiter = new Limiter(
            """{"algorithm":"gcra","limits":{"global":{"limit":60,"window":"1m","burst":1}},"actions":{"type":"throttle","max_delayed":1}}""");
        await limiter.EvaluateAsync(Call());
        var first = limiter.PassesAsync(Call());
        Assert.That(await limiter.PassesAsync(Call()), Is.False);
        limiter.Time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.That(await first, Is.True);

        var later = limiter.PassesAsync(Call());
        Assert.That(later.IsCompleted, Is.False, "neither who waited nor who was refused keeps a place");
        Assert.That(await limiter.PassesAsync(Call()), Is.False);
        limiter.Time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.That(await later, Is.True);
    }

    [Test]
    public async Task Throttle_Cancelled_EndsTheDelay()
    {
        var limiter = new Limiter("""{"algorithm":"gcra","limits":{"global":{"limit":60,"window":"1m","burst":1}},"actions":{"type":"throttle"}}""");
        await limiter.EvaluateAsync(Call());
        using var cancellation = new CancellationTokenSource();
        var waiting = limiter.EvaluateAsync(Call(), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Throttle_OfAMonitor_NeverWaits()
    {
        var limiter = new Limiter("""{"algorithm":"gcra","limits":{"global":{"limit":60,"window":"1m","burst":1}},"actions":{"type":"throttle"}}""");
        await limiter.EvaluateAsync(Call());
        Assert.That(limiter.EvaluateAsync(Call(isMonitor: true)).AsTask().IsCompleted, Is.True);
    }

    [Test]
    public async Task Concurrency_StateDisposed_MakesRoom()
    {
        var limiter = new Limiter("""{"limits":[{"by":"user","max_concurrent":1}]}""");
        var first = Call("alice");
        await limiter.EvaluateAsync(first);
        var refused = await limiter.EvaluateAsync(Call("alice"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((refused.Outcome, refused.Refusal?.Reason), Is.EqualTo((VerdictOutcome.Block, "concurrency_limit_exceeded")));
            Assert.That(Header(refused, "RateLimit-Policy"), Is.EqualTo("\"per_user_concurrent\";q=1;qu=\"concurrent-requests\""));
            Assert.That(Header(refused, "Retry-After"), Is.EqualTo("1"));
        }

        ((IDisposable)first.State.Value!).Dispose();
        Assert.That(await limiter.PassesAsync(Call("alice")), Is.True);
    }

    [Test]
    public async Task Concurrency_LongCall_KeepsItsPlace()
    {
        var limiter = new Limiter("""{"limits":[{"by":"global","max_concurrent":1}]}""");
        await limiter.EvaluateAsync(Call());
        limiter.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(await limiter.PassesAsync(Call()), Is.False);
        limiter.Time.Advance(TimeSpan.FromMinutes(55));
        Assert.That(await limiter.PassesAsync(Call()), Is.True, "a call that nobody ended gives its place back in time");
    }

    [Test]
    public async Task StoreDown_CountsHereAndIsAFailure()
    {
        var time = new LlmGuard.Tests.ManualTime();
        var store = new BrokenStore(time);
        var limiter = new Limiter("""{"limits":{"global":{"limit":2,"window":"1m"}}}""", store);
        var verdicts = new List<GuardrailVerdict>();
        for (var i = 0; i < 3; i++)
        {
            verdicts.Add(await limiter.EvaluateAsync(Call()));
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdicts[0].Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.CounterUnavailable)));
            Assert.That(Header(verdicts[1], "RateLimit"), Is.EqualTo("\"global\";r=0;t=68"));
            Assert.That((verdicts[2].Failure, verdicts[2].Outcome), Is.EqualTo(((GuardrailFailure?)null, VerdictOutcome.Block)));
            Assert.That(limiter.Counters.IsDegraded, Is.True);
        }

        store.IsDown = false;
        Assert.That((await limiter.PassesAsync(Call()), limiter.Counters.IsDegraded), Is.EqualTo((true, false)));
    }

    private static GuardrailCall Keyed(string key) => Call(headers: new FakeHeaders { CredentialHash = key });
}

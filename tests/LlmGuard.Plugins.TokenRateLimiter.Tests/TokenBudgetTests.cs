using static LlmGuard.Plugins.TokenRateLimiter.Tests.Budgets;

namespace LlmGuard.Plugins.TokenRateLimiter.Tests;

[TestFixture]
public sealed class TokenBudgetTests
{
    private const string Thousand = """{"aggregate":{"max":1000,"time_window":"1m"}}""";

    // A prompt of 72 bytes is estimated at 36 tokens and a frame of 64.
    private const int HundredTokens = 72;

    [Test]
    public async Task Admit_ReservesPromptAndAnswers()
    {
        var budgets = new Budgets(Thousand);
        await budgets.AdmitAsync(Call(HundredTokens, maxTokens: 50, choices: 3));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(1000 - 100 - 150));
    }

    [Test]
    public async Task Admit_ManyAtOnce_NoneBeyondTheBudget()
    {
        var budgets = new Budgets(Thousand);
        var passed = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () => await budgets.PassesAsync(Call(maxTokens: 50)))));
        Assert.That(passed.Count(p => p), Is.EqualTo(20));
    }

    [Test]
    public async Task Admit_BeyondTheBudget_SaysWhichAndUntilWhen()
    {
        var budgets = new Budgets("""{"algorithm":"fixed_window","aggregate":{"max":1000,"time_window":"1m"}}""");
        await budgets.AdmitAsync(Call(maxTokens: 900));
        var verdict = await budgets.AdmitAsync(Call(maxTokens: 200));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((verdict.Outcome, verdict.Refusal?.Reason), Is.EqualTo((VerdictOutcome.Block, "token_budget_exceeded")));
            Assert.That(verdict.Refusal?.Message, Is.EqualTo("token budget exceeded: per_consumer_tokens_60s"));
            Assert.That(Header(verdict, "RateLimit-Policy"), Is.EqualTo("\"per_consumer_tokens_60s\";q=1000;qu=\"tokens\";w=60"));
            Assert.That(Header(verdict, "RateLimit"), Is.EqualTo("\"per_consumer_tokens_60s\";r=100;t=60"));
            Assert.That(Header(verdict, "X-Ratelimit-Limit-Tokens"), Is.EqualTo("1000"));
            Assert.That(Header(verdict, "X-Ratelimit-Remaining-Tokens"), Is.EqualTo("100"));
            Assert.That(Header(verdict, "X-Ratelimit-Reset-Tokens"), Is.EqualTo("60s"));
            Assert.That(Header(verdict, "Retry-After"), Is.EqualTo("60"));
            Assert.That(await budgets.PassesAsync(Call(maxTokens: 100)), Is.True, "the refusal charged nothing");
        }
    }

    [Test]
    public async Task Admit_EstimatedAtMoreThanTheBudget_PassesAnUntouchedOneOnly()
    {
        var budgets = new Budgets(Thousand);
        Assert.That((await budgets.PassesAsync(Call(maxTokens: 5000)), await budgets.PassesAsync(Call(maxTokens: 1))), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task Admit_OtherCaller_HasItsOwnBudget()
    {
        var budgets = new Budgets(Thousand);
        await budgets.AdmitAsync(Call(maxTokens: 1000));
        Assert.That((await budgets.RemainingAsync(), await budgets.RemainingAsync("bob")), Is.EqualTo((0L, 1000L)));
    }

    [Test]
    public async Task Settle_WithUsage_IsWhatItDidCost()
    {
        var budgets = new Budgets(Thousand);
        var call = Call(HundredTokens, maxTokens: 500);
        await budgets.AdmitAsync(call);
        await budgets.SettleAsync(call, new TokenUsage(20, 30, 50));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(950));
    }

    [Test]
    public async Task Settle_MoreThanReserved_IsOwed()
    {
        var budgets = new Budgets(Thousand);
        var call = Call(maxTokens: 10);
        await budgets.AdmitAsync(call);
        await budgets.SettleAsync(call, new TokenUsage(900, 600, 1500));
        Assert.That((await budgets.RemainingAsync(), await budgets.PassesAsync(Call(maxTokens: 1))), Is.EqualTo((0L, false)));
    }

    [TestCase(CallEnding.Completed, 200, 110, Description = "no usage reported: as reserved")]
    [TestCase(CallEnding.Aborted, 200, 110, Description = "the client went away")]
    [TestCase(CallEnding.Aborted, null, 110, Description = "the client went away before the answer, which the provider makes all the same")]
    [TestCase(CallEnding.UpstreamFailed, 200, 110, Description = "the stream was cut")]
    [TestCase(CallEnding.UpstreamFailed, null, 0, Description = "the provider could not be reached")]
    [TestCase(CallEnding.Completed, 500, 0, Description = "the provider refused")]
    [TestCase(CallEnding.Blocked, null, 0, Description = "a later guardrail refused before the provider was asked")]
    [TestCase(CallEnding.Blocked, 200, 110, Description = "a later guardrail refused the answer, which was paid for")]
    public async Task Settle_WithoutUsage_DependsOnHowItEnded(CallEnding ending, int? status, int cost)
    {
        var budgets = new Budgets(Thousand);
        var call = Call(HundredTokens, maxTokens: 10);
        await budgets.AdmitAsync(call);
        await budgets.SettleAsync(call, null, ending, status);
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(1000 - cost));
    }

    [Test]
    public async Task Settle_UsageOfTheInputOnly_TheAnswerCountsAsReserved()
    {
        var budgets = new Budgets(Thousand);
        var call = Call(HundredTokens, maxTokens: 10);
        await budgets.AdmitAsync(call);
        await budgets.SettleAsync(call, new TokenUsage(40, null, null), CallEnding.UpstreamFailed);
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(950));
    }

    [Test]
    public async Task Settle_TotalOnly_IsTheTotal()
    {
        var budgets = new Budgets(Thousand);
        var call = Call(HundredTokens, maxTokens: 10);
        await budgets.AdmitAsync(call);
        await budgets.SettleAsync(call, new TokenUsage(null, null, 70));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(930));
    }

    [Test]
    public async Task Settle_NeverDone_HealsWithTheWindow()
    {
        var budgets = new Budgets(Thousand);
        await budgets.AdmitAsync(Call(maxTokens: 1000));
        budgets.Time.Shift(TimeSpan.FromMinutes(1.125));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(1000));
    }

    [TestCase("total", true, 100)]
    [TestCase("total", false, 60)]
    [TestCase("input", true, 70)]
    [TestCase("input", false, 30)]
    [TestCase("output", true, 30)]
    public async Task Counting_SaysWhatCounts(string counting, bool cached, int cost)
    {
        var budgets = new Budgets(
            $$$"""{"counting":"{{{counting}}}","count_cache_reads":{{{(cached ? "true" : "false")}}},"aggregate":{"max":1000,"time_window":"1m"}}""");
        var call = Call();
        await budgets.AdmitAsync(call);
        await budgets.SettleAsync(call, new TokenUsage(70, 30, 100, 40));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(1000 - cost));
    }

    [Test]
    public async Task NoMaxTokens_LearnsHowLongAnswersAre()
    {
        var budgets = new Budgets("""{"default_output_tokens":400,"aggregate":{"max":100000,"time_window":"1m"}}""");
        var first = Call(maxTokens: null);
        await budgets.AdmitAsync(first);
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(100_000 - 400));
        await budgets.SettleAsync(first, new TokenUsage(0, 80, 80));
        await budgets.AdmitAsync(Call(maxTokens: null));
        await budgets.AdmitAsync(Call(maxTokens: null, model: "other"));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(100_000 - 80 - 80 - 400));
    }

    [Test]
    public async Task Images_HaveAFloor()
    {
        var budgets = new Budgets("""{"opaque_tokens":300,"aggregate":{"max":10000,"time_window":"1m"}}""");
        await budgets.AdmitAsync(Call(opaque: 2, maxTokens: 1));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(10_000 - 600 - 64 - 1));
    }

    [Test]
    public async Task Bucket_OfTheGuide_RefillsEvenly()
    {
        var budgets = new Budgets("""{"tokens_per_request":20,"tokens_per_minute":60,"bucket_size":100,"requests_per_minute":50}""");
        Assert.That(await budgets.PassesAsync(Call(maxTokens: 90)), Is.True);
        var verdict = await budgets.AdmitAsync(Call(maxTokens: 1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict.Outcome, Is.EqualTo(VerdictOutcome.Block), "20 are taken at least");
            Assert.That((Header(verdict, "X-Ratelimit-Limit-Tokens"), Header(verdict, "X-Ratelimit-Remaining-Tokens")), Is.EqualTo(("100", "10")));
            Assert.That((Header(verdict, "X-Ratelimit-Limit-Requests"), Header(verdict, "X-Ratelimit-Remaining-Requests")), Is.EqualTo(("50", "49")));
        }

        budgets.Time.Shift(TimeSpan.FromSeconds(10));
        Assert.That(await budgets.PassesAsync(Call(maxTokens: 1)), Is.True);
    }

    [Test]
    public async Task Requests_AreNotGivenBackWhenTokensAre()
    {
        var budgets = new Budgets("""{"requests_per_minute":1,"aggregate":{"max":1000,"time_window":"1m"}}""");
        var call = Call(maxTokens: 100);
        await budgets.AdmitAsync(call);
        await budgets.SettleAsync(call, null, CallEnding.Blocked, null);
        var second = await budgets.AdmitAsync(Call(maxTokens: 100));
        Assert.That((second.Refusal?.Reason, Header(second, "X-Ratelimit-Remaining-Tokens")), Is.EqualTo(("requests_per_minute_exceeded", "1000")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Concurrency_EndsWhenTheCallIsSettledOrLost(bool isSettled)
    {
        var budgets = new Budgets("""{"max_concurrent":1}""");
        var call = Call();
        await budgets.AdmitAsync(call);
        Assert.That((await budgets.AdmitAsync(Call())).Refusal?.Reason, Is.EqualTo("concurrency_limit_exceeded"));
        if (isSettled)
        {
            await budgets.SettleAsync(call, null, CallEnding.Aborted);
        }
        else
        {
            ((IDisposable)call.State.Value!).Dispose();
        }

        Assert.That(await budgets.PassesAsync(Call()), Is.True);
    }

    [Test]
    public async Task Rules_TheBestPatternAppliesAndNoOther()
    {
        var budgets = new Budgets("""
            {"rules":[{"model":"*","max":10,"time_window":"1m"},{"model":"gpt-4*","max":100,"time_window":"1m"},{"model":"gpt-4o-*","max":1000,"time_window":"1m"},{"model":"gpt-4o","max":500,"time_window":"1m"}]}
            """);
        async Task<string?> Limit(string model) => Header(await budgets.AdmitAsync(Call(maxTokens: 1, model: model)), "X-Ratelimit-Limit-Tokens");
        Assert.That(
            (await Limit("gpt-4o"), await Limit("gpt-4o-mini"), await Limit("gpt-4.1"), await Limit("claude")),
            Is.EqualTo(("500", "1000", "100", "10")));
    }

    [Test]
    public async Task Rules_OnlyTheAsteriskStandsForOthers()
    {
        var budgets = new Budgets("""
            {"rules":[{"model":"gpt-?","max":10,"time_window":"1m"},{"model":"gpt-4","max":100,"time_window":"1m"},{"model":"g?*","max":20,"time_window":"1m"}]}
            """);
        async Task<string?> Limit(string model) => Header(await budgets.AdmitAsync(Call(maxTokens: 1, model: model)), "X-Ratelimit-Limit-Tokens");
        Assert.That((await Limit("gpt-4"), await Limit("gpt-?"), await Limit("gpt-5"), await Limit("g?x")),
            Is.EqualTo(("100", "10", (string?)null, "20")));
    }

    [Test]
    public async Task Windows_AllMustHaveRoom()
    {
        var budgets = new Budgets("""{"windows":[{"max":100,"time_window":"1m"},{"max":150,"time_window":"1h"}]}""");
        Assert.That(await budgets.PassesAsync(Call(maxTokens: 100)), Is.True);
        budgets.Time.Shift(TimeSpan.FromMinutes(2));
        var verdict = await budgets.AdmitAsync(Call(maxTokens: 60));
        Assert.That((verdict.Outcome, verdict.Findings.Single().Rule), Is.EqualTo((VerdictOutcome.Block, "per_consumer_tokens_3600s")));
        Assert.That(await budgets.PassesAsync(Call(maxTokens: 50)), Is.True, "the minute was not charged");
    }

    [Test]
    public async Task Downgrade_BeyondTheBudget_CallsTheCheaperModel()
    {
        var budgets = new Budgets("""{"behavior_on_exceeded":"downgrade_model","downgrade_to":"mini","rules":[{"model":"gpt-4o","max":100,"time_window":"1m"},{"model":"mini","max":100,"time_window":"1m"}]}""");
        Assert.That((await budgets.AdmitAsync(Call(maxTokens: 100))).RequestChanges, Is.Empty);
        Assert.That(
            (await budgets.AdmitAsync(Call(maxTokens: 100))).RequestChanges, Is.EqualTo(new RequestChange[] { new RequestChange.Model("mini") }));
        Assert.That((await budgets.AdmitAsync(Call(maxTokens: 100))).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [TestCase(null, 100)]
    [TestCase(500L, 100)]
    [TestCase(50L, null)]
    public async Task MaxTokens_IsAskedOfTheProvider(long? asked, int? change)
    {
        var budgets = new Budgets("""{"max_tokens":100,"aggregate":{"max":1000,"time_window":"1m"}}""");
        var verdict = await budgets.AdmitAsync(Call(maxTokens: asked));
        Assert.That(verdict.RequestChanges.OfType<RequestChange.MaxTokens>().SingleOrDefault()?.Limit, Is.EqualTo(change));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(1000 - Math.Min(asked ?? 100, 100)));
    }

    [TestCase("openai.chat_completions", true, true)]
    [TestCase("openai.chat_completions", false, false)]
    [TestCase("anthropic.messages", true, false)]
    public async Task Usage_IsAskedForWhereAStreamIsSilent(string dialect, bool isStreaming, bool isAsked)
    {
        var verdict = await new Budgets(Thousand).AdmitAsync(Call(dialect: dialect, isStreaming: isStreaming));
        Assert.That(verdict.RequestChanges.Any(c => c is RequestChange.ReportUsage), Is.EqualTo(isAsked));
    }

    [Test]
    public async Task OtherCalls_CountWhatTheySend()
    {
        var budgets = new Budgets("""{"requests_per_minute":5,"aggregate":{"max":1000,"time_window":"1m"}}""");
        await budgets.AdmitAsync(Call(HundredTokens, null, null, dialect: null));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(900));
    }

    [Test]
    public async Task TokenCounter_OfTheApplication_IsBelievedUpToTheBytes()
    {
        var budgets = new Budgets(Thousand, new FixedCounter(7));
        await budgets.AdmitAsync(new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText("a text of some length", SegmentRole.User))
        {
            Caller = new GuardrailCaller("alice"),
            Model = "m",
            MaxTokens = 1,
            Body = new BodyMetrics { HasBody = true, TextBytes = 21 },
        });
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(1000 - 7 - 64 - 1));
    }

    private sealed class FixedCounter(long tokens) : ITokenCounter
    {
        public long? CountTokens(string? model, ReadOnlySpan<byte> utf8Text) => tokens;
    }
}

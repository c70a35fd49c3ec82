using LlmGuard.Counters;
using LlmGuard.Counters.Memory;
using LlmGuard.Tests;
using static LlmGuard.Plugins.TokenRateLimiter.Tests.Budgets;

namespace LlmGuard.Plugins.TokenRateLimiter.Tests;

/// <summary>What becomes of calls at the edges of what budgets, caps and models say.</summary>
public sealed class TokenOutcomeTests
{
    private const string Prices =
        """ "prices":[{"model":"dear","input":10,"output":10},{"model":"dearer","input":20,"output":20},{"model":"cheap","input":1,"output":1}] """;

    [Test]
    public void Metadata_Plugin_IsWhatTheReadmeSays()
    {
        using var metrics = new CounterMetrics(null);
        var time = new ManualTime();
        var store = new InMemoryCounterStore(64, time, metrics);
        using var counters = new GuardrailCounters(store, store, time, metrics);
        var metadata = new TokenRateLimiterPlugin(counters, []).Metadata;
        Assert.That(
            (metadata.Name, metadata.DefaultPriority, metadata.DefaultOnError, metadata.DefaultStatusCode),
            Is.EqualTo(("token_rate_limiter", 30, FailurePolicy.Allow, 429)));
        Assert.That(metadata.DefaultStages, Is.EqualTo(new[] { GuardrailStage.PreRequest, GuardrailStage.PostResponse }));
        Assert.That(metadata.RequiredStages, Is.EqualTo(new[] { GuardrailStage.PreRequest }));
    }

    [Test]
    public async Task CostCap_CallThatGoesToNoModel_IsNotItsBusiness()
    {
        var budgets = new Budgets($$"""{"cost_cap":{"max_input_cost_per_1k_tokens":0.002},{{Prices}}}""");
        Assert.That((await budgets.AdmitAsync(Call(model: null, dialect: null))).Outcome, Is.EqualTo(VerdictOutcome.Allow));
        Assert.That((await budgets.AdmitAsync(Call(model: null))).Refusal?.Reason, Is.EqualTo("model_too_expensive"), "a dialect is a model's");
    }

    [Test]
    public async Task CostCap_DowngradeThatIsTooDearItself_IsRefused()
    {
        var budgets = new Budgets(
            $$"""{"cost_cap":{"max_input_cost_per_1k_tokens":0.002,"behavior_on_violation":"downgrade","downgrade_to":"dear"},{{Prices}}}""");
        Assert.That((await budgets.AdmitAsync(Call(model: "dearer"))).Refusal?.Reason, Is.EqualTo("model_too_expensive"));
    }

    [Test]
    public async Task Downgrade_CallThatGoesToNoModel_IsRefused()
    {
        var budgets = new Budgets("""
            {"rules":[{"model":"*","max":10,"time_window":"1m"},{"model":"mini","max":10000,"time_window":"1m"}],"behavior_on_exceeded":"downgrade_model","downgrade_to":"mini"}
            """);
        await budgets.AdmitAsync(Call(bytes: 72, model: null, dialect: null));
        Assert.That((await budgets.AdmitAsync(Call(bytes: 72, model: null, dialect: null))).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [Test]
    public async Task Downgrade_NoRoomThereEither_SaysWhatTheCallersModelLacks()
    {
        var budgets = new Budgets("""
            {"rules":[{"model":"big","max":10,"time_window":"1m"},{"model":"mini","max":10,"time_window":"1m"}],"behavior_on_exceeded":"downgrade_model","downgrade_to":"mini"}
            """);
        await budgets.AdmitAsync(Call(model: "big"));
        await budgets.AdmitAsync(Call(model: "mini"));
        Assert.That((await budgets.AdmitAsync(Call(model: "big"))).Refusal?.Message,
            Is.EqualTo("token budget exceeded: per_consumer_tokens_60s_big"));
    }

    [Test]
    public async Task NoMaxTokens_AnswerThatWasCut_TeachesNothing()
    {
        var budgets = new Budgets("""{"aggregate":{"max":100000,"time_window":"1m"},"default_output_tokens":500}""");
        var cut = Call(maxTokens: null);
        await budgets.AdmitAsync(cut);
        await budgets.SettleAsync(cut, new TokenUsage(0, 3, null), CallEnding.Aborted);
        await budgets.AdmitAsync(Call(maxTokens: null));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(100_000 - 3 - 500));
    }

    [Test]
    public async Task NoMaxTokens_SeveralAnswers_TeachTheLengthOfOne()
    {
        var budgets = new Budgets("""{"aggregate":{"max":100000,"time_window":"1m"},"default_output_tokens":500}""");
        var three = Call(maxTokens: null, choices: 3);
        await budgets.AdmitAsync(three);
        await budgets.SettleAsync(three, new TokenUsage(0, 300, null));
        await budgets.AdmitAsync(Call(maxTokens: null));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(100_000 - 300 - 100));
    }

    [Test]
    public async Task MaxTokens_BeyondAllThatCanBeCounted_IsTheWholeBudget()
    {
        var budgets = new Budgets("""{"aggregate":{"max":1000,"time_window":"1m"}}""");
        Assert.That(await budgets.PassesAsync(Call(maxTokens: long.MaxValue, choices: 128)), Is.True);
        Assert.That(await budgets.RemainingAsync(), Is.Zero);
    }

    [Test]
    public async Task StoreDown_IsAFailureOfAvailability()
    {
        using var metrics = new CounterMetrics(null);
        var time = new ManualTime();
        using var counters = new GuardrailCounters(new AwayStore(), new InMemoryCounterStore(64, time, metrics), time, metrics);
        var settings = GuardrailSettings.Parse("""{"aggregate":{"max":1000,"time_window":"1m"},"max_tokens":5}""");
        var verdict = await new TokenRateLimiterPlugin(counters, []).Create(settings).EvaluateAsync(Call(), default);
        Assert.That(verdict.Failure, Is.EqualTo(new GuardrailFailure(FailureClass.Availability, FailureReasons.CounterUnavailable)));
        Assert.That(verdict.RequestChanges, Is.Empty);
    }

    [Test]
    public async Task Caller_NobodyCanTellApart_PassesAndIsRecorded()
    {
        var budgets = new Budgets("""{"aggregate":{"max":1000,"time_window":"1m"}}""");
        var verdict = await budgets.AdmitAsync(Call(consumer: null!));
        Assert.That((verdict.Outcome, verdict.Findings.Single().Rule), Is.EqualTo((VerdictOutcome.Flag, "identity_missing")));
    }

    [TestCase(6L, "openai.chat_completions", true)]
    [TestCase(5L, "openai.chat_completions", false)]
    [TestCase(null, "openai.chat_completions", true)]
    [TestCase(6L, null, false)]
    public async Task MaxTokens_OfTheSettings_IsAskedForWhereItIsLess(long? asked, string? dialect, bool isChanged)
    {
        var verdict = await new Budgets("""{"max_tokens":5}""").AdmitAsync(Call(maxTokens: asked, dialect: dialect));
        Assert.That(verdict.RequestChanges, isChanged ? Is.EqualTo(new[] { new RequestChange.MaxTokens(5) }) : Is.Empty);
    }

    private sealed class AwayStore : ICounterStore
    {
        public ValueTask<bool> ChargeAsync(
            ReadOnlyMemory<CounterCharge> charges, Memory<CounterState> states, CancellationToken cancellationToken = default) =>
            throw new CounterStoreException();

        public ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken = default) =>
            throw new CounterStoreException();

        public ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken = default) =>
            throw new CounterStoreException();
    }
}

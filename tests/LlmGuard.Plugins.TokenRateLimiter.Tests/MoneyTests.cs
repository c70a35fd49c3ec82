using LlmGuard.Plugins.TokenRateLimiter.Pricing;
using static LlmGuard.Plugins.TokenRateLimiter.Tests.Budgets;

namespace LlmGuard.Plugins.TokenRateLimiter.Tests;

[TestFixture]
public sealed class MoneyTests
{
    private const string Prices = """
        "prices":[{"model":"gpt-4o","input":2.5,"output":10,"cached_input":1.25},{"model":"*mini","input":0.15,"output":0.6}]
        """;

    [Test]
    public async Task Dollars_AreCountedInMicroDollars()
    {
        var budgets = new Budgets($$"""{"unit":"dollars","aggregate":{"max":1.5,"time_window":"24h"},{{Prices}}}""");
        var call = Call(maxTokens: 100);
        var verdict = await budgets.AdmitAsync(call);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Header(verdict, "X-Budget-Limit-Usd"), Header(verdict, "X-Budget-Remaining-Usd"), Header(verdict, "X-Budget-Unit")),
                Is.EqualTo(("1.5", "1.499", "usd")));
            Assert.That(Header(verdict, "RateLimit-Policy"), Is.EqualTo("\"per_consumer_dollars_86400s\";q=1500000;qu=\"micro-usd\";w=86400"));
        }

        // 600 at 2.5, 400 cached at 1.25, 50 at 10 dollars the million.
        await budgets.SettleAsync(call, new TokenUsage(1000, 50, 1050, 400));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(1_500_000 - 1500 - 500 - 500));
    }

    [TestCase(0.15, 0.6, 1, 0, 1, Description = "rounded up")]
    [TestCase(0.15, 0.6, 1_000_000, 0, 150_000)]
    [TestCase(0.075, 0.3, 3, 1, 1)]
    [TestCase(2.5, 10, 1000, 1000, 12_500)]
    public void Price_IsExact(double input, double output, long inputs, long outputs, long micro)
    {
        var price = new Price(Price.OfToken(input / 1e6), Price.OfToken(output / 1e6), 0, 0) with { Reasoning = Price.OfToken(output / 1e6) };
        Assert.That(price.MicroDollars(new TokenCount(inputs, outputs)), Is.EqualTo(micro));
    }

    [TestCase("reject", VerdictOutcome.Block)]
    [TestCase("free", VerdictOutcome.Flag)]
    public async Task UnpricedModel_IsNeverSilent(string setting, VerdictOutcome outcome)
    {
        var budgets = new Budgets($$"""{"unit":"dollars","unpriced_model":"{{setting}}","aggregate":{"max":1,"time_window":"24h"},{{Prices}}}""");
        var verdict = await budgets.AdmitAsync(Call(model: "unknown"));
        Assert.That((verdict.Outcome, verdict.Findings.Single().Rule), Is.EqualTo((outcome, "model_not_priced")));
        Assert.That(await budgets.PassesAsync(Call(model: null, dialect: null)), Is.True, "what goes to no model needs no price");
    }

    [Test]
    public async Task CustomPricing_OfTheOriginal_IsPerToken()
    {
        var budgets = new Budgets(
            """{"unit":"dollars","aggregate":{"max":1,"time_window":"24h"},"custom_pricing":{"my-*":{"input":0.000001,"output":0.000002}}}""");
        var call = Call(model: "my-model", maxTokens: 1);
        await budgets.AdmitAsync(call);
        await budgets.SettleAsync(call, new TokenUsage(100, 100, 200));
        Assert.That(await budgets.RemainingAsync(), Is.EqualTo(1_000_000 - 300));
    }

    [TestCase("gpt-4o", "reject", VerdictOutcome.Block, null)]
    [TestCase("gpt-4o-mini", "reject", VerdictOutcome.Allow, null)]
    [TestCase("unknown", "reject", VerdictOutcome.Block, null)]
    [TestCase("gpt-4o", "downgrade", VerdictOutcome.Modify, "gpt-4o-mini")]
    public async Task CostCap_RefusesOrReplacesDearModels(string model, string behavior, VerdictOutcome outcome, string? replaced)
    {
        var to = behavior == "downgrade" ? ",\"downgrade_to\":\"gpt-4o-mini\"" : "";
        var budgets =
            new Budgets($$"""{"cost_cap":{"max_output_cost_per_1k_tokens":0.001,"behavior_on_violation":"{{behavior}}"{{to}}},{{Prices}}}""");
        var verdict = await budgets.AdmitAsync(Call(model: model));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(verdict.Outcome, Is.EqualTo(outcome));
            Assert.That(verdict.Refusal?.Reason, Is.EqualTo(outcome == VerdictOutcome.Block ? "model_too_expensive" : null));
            Assert.That(verdict.RequestChanges.OfType<RequestChange.Model>().SingleOrDefault()?.Name, Is.EqualTo(replaced));
        }
    }

    [Test]
    public async Task CostCap_PerModelOverride_Wins()
    {
        var budgets = new Budgets($$$"""{"cost_cap":{"max_output_cost_per_1k_tokens":0.001,"per_model_overrides":{"gpt-4*":{"max_output_cost_per_1k_tokens":0.01} } },{{{Prices}}} }""");
        Assert.That(await budgets.PassesAsync(Call()), Is.True);
    }
}

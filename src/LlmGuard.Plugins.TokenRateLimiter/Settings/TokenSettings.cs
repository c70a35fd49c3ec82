using LlmGuard.Counters;
using LlmGuard.Counters.Identity;
using LlmGuard.Plugins.TokenRateLimiter.Pricing;

namespace LlmGuard.Plugins.TokenRateLimiter.Settings;

/// <summary>What is counted.</summary>
internal enum BudgetUnit
{
    Tokens,
    Dollars,
}

/// <summary>Which tokens count.</summary>
internal enum Counting
{
    Total,
    Input,
    Output,
}

/// <summary>What happens to a call beyond its budget, or too dear.</summary>
internal enum ExceededBehavior
{
    Reject,
    Downgrade,
}

/// <summary>The settings of one entry. Immutable.</summary>
internal sealed record TokenSettings
{
    public required IReadOnlyList<Budget> Budgets { get; init; }

    public required CounterIdentity Whom { get; init; }

    public required PriceTable Prices { get; init; }

    public required CostCap Cap { get; init; }

    public BudgetUnit Unit { get; init; }

    public Counting Counting { get; init; }

    public bool CountsCacheReads { get; init; }

    public bool RefusesUnpriced { get; init; }

    public ExceededBehavior OnExceeded { get; init; }

    public string? DowngradeTo { get; init; }

    /// <summary>What a call reserves at least; null for the estimate alone.</summary>
    public long? TokensPerRequest { get; init; }

    /// <summary>The most tokens an answer may have; null for what the caller says.</summary>
    public int? MaxTokens { get; init; }

    public long DefaultOutputTokens { get; init; }

    public long OpaqueTokens { get; init; }

    /// <summary>What tokens cost in the unit of the budgets; nothing when they are in dollars and there is no price.</summary>
    public long CostOf(in TokenCount tokens, Price? price)
    {
        var input = CountsCacheReads ? tokens.Input : tokens.Input - Math.Min(tokens.CachedInput, tokens.Input);
        var counted = Counting switch
        {
            Counting.Input => tokens with { Input = input, CachedInput = CountsCacheReads ? tokens.CachedInput : 0, Output = 0, Reasoning = 0 },
            Counting.Output => tokens with { Input = 0, CachedInput = 0 },
            _ => tokens with { Input = input, CachedInput = CountsCacheReads ? tokens.CachedInput : 0 },
        };
        var cost = Unit == BudgetUnit.Tokens ? Sum(counted.Input, counted.Output) : price?.MicroDollars(counted) ?? 0;
        return Math.Min(cost, CounterLimit.MaxValue);
    }

    private static long Sum(long left, long right) => left > CounterLimit.MaxValue - right ? CounterLimit.MaxValue : left + right;

    public static TokenSettings Read(GuardrailSettings s)
    {
        var unit =
            s.Choice("unit", BudgetUnit.Tokens, KeyValuePair.Create("tokens", BudgetUnit.Tokens), KeyValuePair.Create("dollars", BudgetUnit.Dollars));
        var counting = s.Choice(
            "counting",
            Counting.Total,
            KeyValuePair.Create("total", Counting.Total),
            KeyValuePair.Create("input", Counting.Input),
            KeyValuePair.Create("output", Counting.Output));
        var countsCacheReads = s.Boolean("count_cache_reads", true);
        var isPaid = unit == BudgetUnit.Dollars;
        var prices = PriceTable.Read(s, isPaid && countsCacheReads && counting != Counting.Output, isPaid && counting != Counting.Input);
        if (unit == BudgetUnit.Dollars && prices.IsEmpty)
        {
            s.Problem("prices", "is required for a budget in dollars: no prices are built in");
        }

        var cap = CostCap.Read(s);
        if (cap.IsEnabled && prices.IsEmpty)
        {
            s.Problem("prices", "is required for a cost_cap: no prices are built in");
        }

        var behavior = Behavior(s, "behavior_on_exceeded", "downgrade_model");
        var downgradeTo = s.OptionalString("downgrade_to");
        if ((behavior == ExceededBehavior.Downgrade) != !string.IsNullOrEmpty(downgradeTo))
        {
            s.Problem("downgrade_to", "goes with behavior_on_exceeded \"downgrade_model\": give both or none");
        }

        var maxTokens = s.OptionalInt32("max_tokens", 1);
        var tokensPerRequest = s.OptionalInt32("tokens_per_request", 1);
        var budgets = BudgetReader.ReadAll(s, unit, tokensPerRequest);
        var whom = CounterIdentity.Read(s, CounterDimension.Consumer);
        if (budgets.Count == 0 && !cap.IsEnabled && maxTokens is null)
        {
            s.Problem(
                null,
                "limit nothing: give rules, aggregate, windows, tokens_per_minute, requests_per_minute, max_concurrent, cost_cap or max_tokens");
        }

        var read = new TokenSettings
        {
            Budgets = budgets,
            Whom = whom with { Missing = whom.ReadMissing(s) },
            Prices = prices,
            Cap = cap,
            Unit = unit,
            Counting = counting,
            CountsCacheReads = countsCacheReads,
            RefusesUnpriced = s.Choice("unpriced_model", true, KeyValuePair.Create("reject", true), KeyValuePair.Create("free", false)),
            OnExceeded = behavior,
            DowngradeTo = downgradeTo,
            TokensPerRequest = tokensPerRequest,
            MaxTokens = maxTokens,
            DefaultOutputTokens = s.Int32("default_output_tokens", 1024, 0),
            OpaqueTokens = s.Int32("opaque_tokens", 1000, 0, 10_000_000),
        };
        IdleKeys.Refuse(s, read);
        return read;
    }

    public static ExceededBehavior Behavior(GuardrailSettings s, string key, string downgrade) => s.Choice(
        key,
        ExceededBehavior.Reject,
        KeyValuePair.Create("reject", ExceededBehavior.Reject),
        KeyValuePair.Create(downgrade, ExceededBehavior.Downgrade));
}

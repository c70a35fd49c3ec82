using LlmGuard.Counters;
using LlmGuard.Counters.Identity;
using LlmGuard.Plugins.TokenRateLimiter.Pricing;
using LlmGuard.Plugins.TokenRateLimiter.Settings;

namespace LlmGuard.Plugins.TokenRateLimiter;

/// <summary>What one call would reserve from which budgets, with one model.</summary>
internal sealed class Demand
{
    private readonly List<NamedCharge> _charges = [];
    private readonly List<BudgetKind> _kinds = [];

    private Demand(string? model, TokenCount estimate, Price? price)
    {
        Model = model;
        Estimate = estimate;
        Price = price;
    }

    public string? Model { get; }

    public TokenCount Estimate { get; }

    /// <summary>The model's price; null when the policy states none, and then it costs nothing.</summary>
    public Price? Price { get; }

    public IReadOnlyList<NamedCharge> Charges => _charges;

    public IReadOnlyList<BudgetKind> Kinds => _kinds;

    /// <summary>Whether the call may not pass because a limit cannot tell whose it is.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether the budgets do not apply because they cannot tell whose call it is.</summary>
    public bool IsIncomplete { get; private set; }

    public static Demand Of(GuardrailCall call, TokenSettings settings, EntryBudgets budgets, string? model, TokenCount estimate)
    {
        var demand = new Demand(model, estimate, settings.Prices.Of(model));
        var subjects = settings.Whom.SubjectsOf(call, out var isMissing);
        demand.IsRefused = isMissing && settings.Whom.Missing == MissingIdentity.Reject;
        demand.IsIncomplete = subjects.Count == 0 && settings.Budgets.Count > 0;
        var cost = Math.Max(settings.CostOf(estimate, demand.Price), settings.Unit == BudgetUnit.Tokens ? settings.TokensPerRequest ?? 0 : 0);
        var rule = ModelGlob.Best(settings.Budgets, static b => b.Model ?? "", model ?? "", static b => b.Model is not null)?.Model;
        foreach (var subject in subjects)
        {
            for (var i = 0; i < settings.Budgets.Count; i++)
            {
                var budget = settings.Budgets[i];
                if (budget.Model is not null && !budget.Model.Equals(rule, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                // What is estimated at more than the whole budget may still be less: it passes when the budget is untouched, and is settled.
                var counter = budgets.Counters[i];
                var charge = new CounterCharge(counter, subject, budget.Kind == BudgetKind.Usage ? Math.Min(cost, counter.Burst) : 1);
                demand._charges.Add(new NamedCharge($"{settings.Whom.Name}_{budget.Name}", charge, Unit(budget, settings)));
                demand._kinds.Add(budget.Kind);
            }
        }

        return demand;
    }

    private static string? Unit(Budget budget, TokenSettings settings) =>
        budget.Kind != BudgetKind.Usage ? null : settings.Unit == BudgetUnit.Tokens ? "tokens" : "micro-usd";
}

/// <summary>The counters of one policy entry, in the order of its budgets. Immutable.</summary>
internal sealed class EntryBudgets(GuardrailEntry entry, TokenSettings settings)
{
    public IReadOnlyList<CounterLimit> Counters { get; } =
        [.. settings.Budgets.Select(b => new CounterLimit(entry, $"{settings.Whom.Name}/{b.Name}", b.Algorithm, b.Max, b.Window, b.Burst))];
}

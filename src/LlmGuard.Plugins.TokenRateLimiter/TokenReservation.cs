using LlmGuard.Counters;
using LlmGuard.Plugins.TokenRateLimiter.Pricing;
using LlmGuard.Plugins.TokenRateLimiter.Settings;

namespace LlmGuard.Plugins.TokenRateLimiter;

/// <summary>What a call reserved, until its real cost is known. A call that ends without having been settled keeps what it reserved.</summary>
internal sealed class TokenReservation(TokenSettings settings, Demand demand, CounterReservation charged) : IDisposable
{
    private const int FirstErrorStatus = 400;

    public string? Model => demand.Model;

    /// <summary>Replaces the reservation by what the call did cost.</summary>
    public ValueTask SettleAsync(GuardrailCall call, CancellationToken cancellationToken) => charged.SettleAsync(Actual(call), cancellationToken);

    public void Dispose() => charged.Dispose();

    /// <summary>Null leaves everything as reserved.</summary>
    private long[]? Actual(GuardrailCall call)
    {
        if (call.Usage is null && !WasNotServed(call))
        {
            return null;
        }

        var cost = call.Usage is { } usage ? settings.CostOf(Tokens(usage), demand.Price) : 0;
        return [.. demand.Kinds.Select((kind, i) => kind == BudgetKind.Usage ? cost : charged.Charges[i].Cost)];
    }

    /// <summary>Whether the provider has answered nothing that it would charge for: it was never asked, could not be reached, or refused.</summary>
    private static bool WasNotServed(GuardrailCall call) => call.UpstreamStatus is { } status
        ? status >= FirstErrorStatus
        : call.Ending is CallEnding.Blocked or CallEnding.UpstreamFailed;

    /// <summary>The reported tokens; what a cut answer did not get to report counts as reserved.</summary>
    private TokenCount Tokens(TokenUsage usage)
    {
        var reserved = demand.Estimate;
        var output = usage.Output ?? (usage.Total is { } all && usage.Input is { } prompt ? all - prompt : null);
        var input = usage.Input ?? (usage.Total is { } total ? total - (output ?? Math.Max(0, total - reserved.Input)) : null);
        if (output is null && usage.Total is { } sum && input is { } first)
        {
            output = sum - first;
        }

        return new TokenCount(
            Math.Max(0, input ?? reserved.Input),
            Math.Max(0, output ?? reserved.Output),
            Math.Max(0, usage.CachedInput ?? 0),
            Math.Max(0, usage.Reasoning ?? 0));
    }
}

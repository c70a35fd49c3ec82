using LlmGuard.Counters;

namespace LlmGuard.Plugins.TokenRateLimiter.Settings;

/// <summary>What a budget is made of.</summary>
internal enum BudgetKind
{
    /// <summary>Tokens, or micro-dollars.</summary>
    Usage,

    /// <summary>Calls.</summary>
    Requests,

    /// <summary>Calls at a time.</summary>
    Concurrency,
}

/// <summary>So much per window.</summary>
/// <param name="Name">What counters and headers call it; unique within the entry.</param>
/// <param name="Kind">Of what.</param>
/// <param name="Algorithm">How it counts.</param>
/// <param name="Max">How much: tokens, micro-dollars or calls.</param>
/// <param name="Window">Per which time.</param>
/// <param name="Burst">How much at once, or null.</param>
/// <param name="Model">The pattern of the models it is for; null for all together.</param>
internal sealed record Budget(
    string Name,
    BudgetKind Kind,
    CounterAlgorithm Algorithm,
    long Max,
    TimeSpan Window,
    long? Burst = null,
    string? Model = null);

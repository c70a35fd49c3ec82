using LlmGuard.Counters;
using LlmGuard.Plugins.RateLimiter.Identity;

namespace LlmGuard.Plugins.RateLimiter.Settings;

/// <summary>One item of <c>limits</c>: whom it tells apart, what a call costs, and its windows. Immutable.</summary>
internal sealed record RateLimit
{
    public required Dimension By { get; init; }

    /// <summary>The header's name in lower case, for <see cref="Dimension.Header"/>.</summary>
    public string? Header { get; init; }

    public long Cost { get; init; } = 1;

    public MissingIdentity Missing { get; init; }

    public IReadOnlyList<RateWindow> Windows { get; init; } = [];

    /// <summary>What headers and counters call it: <c>global</c>, <c>per_ip</c>, ...; for a header <c>per_header_name</c>.</summary>
    public string Type { get; init; } = "";
}

/// <summary>So much per window; or, of <see cref="CounterAlgorithm.Concurrency"/>, so much at a time.</summary>
internal sealed record RateWindow(CounterAlgorithm Algorithm, long Limit, TimeSpan Window, long? Burst = null);

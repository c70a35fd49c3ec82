using LlmGuard.Counters.Identity;
using LlmGuard.Counters;

namespace LlmGuard.Plugins.RateLimiter.Settings;

/// <summary>One item of <c>limits</c>: whom it tells apart, what a call costs, and its windows. Immutable.</summary>
internal sealed record RateLimit(CounterIdentity Whom, long Cost, IReadOnlyList<RateWindow> Windows)
{
    /// <summary>What headers, counters and refusals call it.</summary>
    public string Type => Whom.Name;

    /// <summary>Whether it counts calls by time, besides those under way.</summary>
    public bool HasWindow => Windows.Any(static w => w.Algorithm != CounterAlgorithm.Concurrency);
}

/// <summary>So much per window; or, of <see cref="CounterAlgorithm.Concurrency"/>, so much at a time.</summary>
internal sealed record RateWindow(CounterAlgorithm Algorithm, long Limit, TimeSpan Window, long? Burst = null);

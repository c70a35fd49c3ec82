using LlmGuard.Counters;
using LlmGuard.Plugins.RateLimiter.Settings;

namespace LlmGuard.Plugins.RateLimiter;

/// <summary>The plugin <c>rate_limiter</c>.</summary>
internal sealed class RateLimiterPlugin(GuardrailCounters counters) : IGuardrailPlugin
{
    // Inline: with counters in memory nothing waits; a store elsewhere and a delay are awaited under the entry's deadline, which is above the
    // longest delay because the store has a time limit of its own.
    public GuardrailPluginMetadata Metadata { get; } = new("rate_limiter")
    {
        DefaultPriority = 20,
        Needs = GuardrailNeeds.None,
        Streaming = GuardrailStreaming.None,
        RunsInline = true,
        DefaultTimeoutMs = 70_000,
        DefaultOnError = FailurePolicy.Allow,
        DefaultStatusCode = 429,
        DefaultMessage = "rate limit exceeded",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new RateEvaluator(RateSettings.Read(settings), counters);
}

using LlmGuard.Counters;
using LlmGuard.Plugins.TokenRateLimiter.Settings;

namespace LlmGuard.Plugins.TokenRateLimiter;

/// <summary>The plugin <c>token_rate_limiter</c>.</summary>
internal sealed class TokenRateLimiterPlugin : IGuardrailPlugin
{
    private readonly GuardrailCounters _counters;
    private readonly ITokenCounter? _tokens;

    public TokenRateLimiterPlugin(GuardrailCounters counters, IEnumerable<ITokenCounter> tokens)
    {
        _counters = counters;
        _tokens = tokens.FirstOrDefault();
        Metadata = new GuardrailPluginMetadata("token_rate_limiter")
        {
            Stages = [GuardrailStage.PreRequest, GuardrailStage.PostResponse],
            RequiredStages = [GuardrailStage.PreRequest],
            DefaultStages = [GuardrailStage.PreRequest, GuardrailStage.PostResponse],
            DefaultPriority = 30,

            // The text itself is read only by those who can count it.
            Needs = GuardrailNeeds.BodyMetrics | GuardrailNeeds.Usage | (_tokens is null ? GuardrailNeeds.None : GuardrailNeeds.Content),
            Rewrites = true,
            Streaming = GuardrailStreaming.None,
            RunsInline = true,
            DefaultTimeoutMs = 10_000,
            DefaultOnError = FailurePolicy.Allow,
            DefaultStatusCode = 429,
            DefaultMessage = "token budget exceeded",
        };
    }

    public GuardrailPluginMetadata Metadata { get; }

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new TokenEvaluator(TokenSettings.Read(settings), _counters, _tokens);
}

using LlmGuard;
using LlmGuard.Plugins.TokenRateLimiter;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>token_rate_limiter</c> guardrail.</summary>
public static class TokenRateLimiterBuilderExtensions
{
    /// <summary>
    /// Makes <c>token_rate_limiter</c> available to policies: budgets of tokens or dollars per window, reserved before a call and settled with what
    /// the provider reports. An <see cref="ITokenCounter"/> among the services counts prompts; without one they are estimated. Repeating it is
    /// harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddTokenRateLimiter(this IAiGuardrailsBuilder builder) => builder.AddPlugin<TokenRateLimiterPlugin>();
}

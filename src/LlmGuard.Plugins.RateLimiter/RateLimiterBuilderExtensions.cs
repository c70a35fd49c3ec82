using LlmGuard.Plugins.RateLimiter;
using LlmGuard;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>rate_limiter</c> guardrail.</summary>
public static class RateLimiterBuilderExtensions
{
    /// <summary>
    /// Makes <c>rate_limiter</c> available to policies: requests per window and requests at a time, for everybody or by caller, address, group,
    /// credential, header or model. Repeating it is harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddRateLimiter(this IAiGuardrailsBuilder builder) => builder.AddPlugin<RateLimiterPlugin>();
}

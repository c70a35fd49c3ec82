using LlmGuard;
using LlmGuard.Plugins.RequestSizeLimiter;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>request_size_limiter</c> guardrail.</summary>
public static class RequestSizeLimiterBuilderExtensions
{
    /// <summary>
    /// Makes <c>request_size_limiter</c> available to policies: limits on bytes, characters, messages and JSON nesting of requests, enforced while
    /// a body is read. Repeating it is harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddRequestSizeLimiter(this IAiGuardrailsBuilder builder) => builder.AddPlugin<RequestSizeLimiterPlugin>();
}

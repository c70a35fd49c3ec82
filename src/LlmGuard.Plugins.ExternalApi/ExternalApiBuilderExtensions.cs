using LlmGuard;
using LlmGuard.Plugins.ExternalApi;
using LlmGuard.Remote;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>external_api</c> guardrail.</summary>
public static class ExternalApiBuilderExtensions
{
    /// <summary>
    /// Makes <c>external_api</c> available to policies: any HTTP service as a guardrail, by the webhook protocol or by templates and conditions.
    /// Repeating it is harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddExternalApi(this IAiGuardrailsBuilder builder) =>
        builder.AddRemoteJudge<ExternalApiPlugin>(ExternalApiPlugin.Name);
}

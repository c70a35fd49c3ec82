using LlmGuard;
using LlmGuard.Plugins.ToxicityOpenAI;
using LlmGuard.Remote;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>toxicity_openai</c> guardrail.</summary>
public static class ToxicityOpenAIBuilderExtensions
{
    /// <summary>Makes <c>toxicity_openai</c> available to policies: OpenAI moderations on text and images. Repeating it is harmless.</summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddToxicityOpenAI(this IAiGuardrailsBuilder builder) =>
        builder.AddRemoteJudge<ToxicityOpenAIPlugin>(ToxicityOpenAIPlugin.Name);
}

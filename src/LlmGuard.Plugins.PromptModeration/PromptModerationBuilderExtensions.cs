using LlmGuard;
using LlmGuard.Plugins.PromptModeration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>prompt_moderation</c> guardrail.</summary>
public static class PromptModerationBuilderExtensions
{
    /// <summary>
    /// Makes <c>prompt_moderation</c> available to policies: keywords, phrases and patterns that block, mask or flag. Repeating it is harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddPromptModeration(this IAiGuardrailsBuilder builder) => builder.AddPlugin<PromptModerationPlugin>();
}

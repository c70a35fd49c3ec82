using LlmGuard;
using LlmGuard.Plugins.CodeSanitation;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>code_sanitation</c> guardrail.</summary>
public static class CodeSanitationBuilderExtensions
{
    /// <summary>
    /// Makes <c>code_sanitation</c> available to policies: dangerous code that is blocked, removed or flagged. Repeating it is harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddCodeSanitation(this IAiGuardrailsBuilder builder) => builder.AddPlugin<CodeSanitationPlugin>();
}

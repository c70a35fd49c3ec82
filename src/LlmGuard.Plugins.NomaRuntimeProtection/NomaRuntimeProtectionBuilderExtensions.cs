using LlmGuard;
using LlmGuard.Plugins.NomaRuntimeProtection;
using LlmGuard.Remote;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>noma_runtime_protection</c> guardrail.</summary>
public static class NomaRuntimeProtectionBuilderExtensions
{
    /// <summary>
    /// Makes <c>noma_runtime_protection</c> available to policies: Noma Runtime Protection on prompts and answers. Repeating it is harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddNomaRuntimeProtection(this IAiGuardrailsBuilder builder) =>
        builder.AddRemoteJudge<NomaRuntimeProtectionPlugin>(NomaRuntimeProtectionPlugin.Name);
}

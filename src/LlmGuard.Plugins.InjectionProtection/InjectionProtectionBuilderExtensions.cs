using LlmGuard;
using LlmGuard.Plugins.InjectionProtection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>injection_protection</c> guardrail.</summary>
public static class InjectionProtectionBuilderExtensions
{
    /// <summary>
    /// Makes <c>injection_protection</c> available to policies: SQL, script, shell and other injections, prompt injection, jailbreaks, inserted
    /// instructions and leaks of the system prompt. Repeating it is harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddInjectionProtection(this IAiGuardrailsBuilder builder) => builder.AddPlugin<InjectionProtectionPlugin>();
}

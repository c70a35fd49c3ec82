using LlmGuard;
using LlmGuard.Plugins.NeuralTrustGuardrail;
using LlmGuard.Remote;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>neuraltrust_guardrail</c> guardrail.</summary>
public static class NeuralTrustGuardrailBuilderExtensions
{
    /// <summary>Makes <c>neuraltrust_guardrail</c> available to policies: NeuralTrust's firewall and TrustGuard. Repeating it is harmless.</summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddNeuralTrustGuardrail(this IAiGuardrailsBuilder builder) =>
        builder.AddRemoteJudge<NeuralTrustGuardrailPlugin>(NeuralTrustGuardrailPlugin.Name);
}

using LlmGuard;
using LlmGuard.Plugins.BedrockGuardrail;
using LlmGuard.Remote;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>bedrock_guardrail</c> guardrail.</summary>
public static class BedrockGuardrailBuilderExtensions
{
    /// <summary>
    /// Makes <c>bedrock_guardrail</c> available to policies: Amazon Bedrock Guardrails on text and images. Repeating it is harmless. Credentials
    /// that are not in the policy come from the registered <see cref="IBedrockCredentialProvider"/>, by default from the AWS SDK.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddBedrockGuardrail(this IAiGuardrailsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IBedrockCredentialProvider, SdkCredentialProvider>();
        return builder.AddRemoteJudge<BedrockGuardrailPlugin>(BedrockGuardrailPlugin.Name);
    }
}

using Azure.Core;
using LlmGuard;
using LlmGuard.Plugins.ToxicityAzure;
using LlmGuard.Plugins.ToxicityAzure.Identity;
using LlmGuard.Remote;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the <c>toxicity_azure</c> guardrail.</summary>
public static class ToxicityAzureBuilderExtensions
{
    /// <summary>
    /// Makes <c>toxicity_azure</c> available to policies: Azure AI Content Safety on text, images, prompts, documents and answers. Repeating it is
    /// harmless.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAiGuardrailsBuilder AddToxicityAzure(this IAiGuardrailsBuilder builder) =>
        builder.AddRemoteJudge<ToxicityAzurePlugin>(ToxicityAzurePlugin.Name);

    /// <summary>
    /// Makes <c>toxicity_azure</c> available to policies, and lets entries with <c>"credential": "entra_id"</c> ask in the name of a Microsoft Entra
    /// identity.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddAiGuardrails()</c> returns.</param>
    /// <param name="credential">
    /// The identity, for example a <c>DefaultAzureCredential</c>. Tokens are acquired once for all callers and sent to the endpoints of such entries.
    /// The first one registered counts.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAiGuardrailsBuilder AddToxicityAzure(this IAiGuardrailsBuilder builder, TokenCredential credential)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(credential);
        builder.Services.TryAddSingleton(s => new EntraIdentity(credential, s.GetRequiredService<TimeProvider>()));
        return builder.AddToxicityAzure();
    }
}

using LlmGuard.Plugins.ToxicityAzure.Identity;
using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Remote;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityAzure;

/// <summary>The plugin <c>toxicity_azure</c>.</summary>
/// <param name="runtime">What judges need of the application.</param>
/// <param name="identity">The identity the application registered, if it did.</param>
internal sealed class ToxicityAzurePlugin(JudgeRuntime runtime, EntraIdentity? identity = null) : IGuardrailPlugin
{
    public const string Name = "toxicity_azure";

    public GuardrailPluginMetadata Metadata { get; } = new(Name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        SendsContentOut = true,
        DefaultStatusCode = 400,
        DefaultMessage = "The content was flagged as harmful.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var safety = ContentSafetySettings.Read(settings, identity);
        return new RemoteEvaluator(runtime, safety.Judge, safety.Credential, new ContentSafetyJudge(safety));
    }
}

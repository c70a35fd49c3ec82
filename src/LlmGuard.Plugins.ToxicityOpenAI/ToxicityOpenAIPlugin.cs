using LlmGuard.Remote;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>The plugin <c>toxicity_openai</c>.</summary>
internal sealed class ToxicityOpenAIPlugin(JudgeRuntime runtime) : IGuardrailPlugin
{
    public const string Name = "toxicity_openai";

    public GuardrailPluginMetadata Metadata { get; } = new(Name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        SendsContentOut = true,
        DefaultMessage = "The content was flagged as harmful.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var moderation = ModerationSettings.Read(settings);
        return new RemoteEvaluator(
            runtime,
            moderation.Judge,
            new SecretCredential(moderation.Key, moderation.KeyHeader),
            new ModerationJudge(moderation));
    }
}

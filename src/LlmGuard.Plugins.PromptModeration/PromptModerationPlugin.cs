namespace LlmGuard.Plugins.PromptModeration;

/// <summary>The plugin <c>prompt_moderation</c>.</summary>
internal sealed class PromptModerationPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("prompt_moderation")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        Rewrites = true,
        DefaultMessage = "The content was blocked by a moderation rule.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new PromptModerationEvaluator(ModerationSettings.Read(settings));
}

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>The plugin <c>prompt_moderation</c>.</summary>
internal sealed class PromptModerationPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("prompt_moderation")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        Rewrites = true,
        Streaming = GuardrailStreaming.Span,

        // Folding, words, phrases and patterns each take time linear in the text for given rules, with no waiting: patterns run on an engine that
        // keeps all states at once and counts its steps, and a word is compared only with keywords of a length it can resemble.
        RunsInline = true,
        MayBeUnavailable = false,
        DefaultMessage = "The content was blocked by a moderation rule.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new PromptModerationEvaluator(ModerationSettings.Read(settings));
}

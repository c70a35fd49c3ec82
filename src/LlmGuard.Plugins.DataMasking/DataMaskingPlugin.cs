using LlmGuard.Plugins.DataMasking.Settings;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>
/// Masks personal data and secrets; blocks only what the policy says must not pass. What it finds and may not edit is a failure, which blocks too.
/// </summary>
internal sealed class DataMaskingPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("data_masking")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
        DefaultStages = [GuardrailStage.PreRequest],
        Rewrites = true,
        Streaming = GuardrailStreaming.Span,

        // Every rule is linear in the text, user patterns included: they run on an engine that keeps all states at once and counts its steps.
        RunsInline = true,
        MayBeUnavailable = false,
        DefaultMessage = "The content holds data that must be masked and cannot be.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new DataMaskingEvaluator(MaskingSettings.Read(settings));
}

namespace LlmGuard.Plugins.CodeSanitation;

/// <summary>The plugin <c>code_sanitation</c>.</summary>
internal sealed class CodeSanitationPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("code_sanitation")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        Rewrites = true,

        // Tokens, words and tags are each looked at a bounded number of times, and custom patterns run on an engine that counts its steps.
        RunsInline = true,
        MayBeUnavailable = false,
        DefaultStatusCode = 400,
        DefaultMessage = "Potential code injection detected",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new CodeSanitationEvaluator(CodeSettings.Read(settings));
}

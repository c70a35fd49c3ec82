using LlmGuard.Plugins.InjectionProtection.Settings;

namespace LlmGuard.Plugins.InjectionProtection;

/// <summary>The plugin <c>injection_protection</c>.</summary>
internal sealed class InjectionProtectionPlugin : IGuardrailPlugin
{
    public GuardrailPluginMetadata Metadata { get; } = new("injection_protection")
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        Rewrites = true,

        // Lexers and grammars look a bounded number of tokens ahead, patterns of the policy run on an engine that counts its steps, and what stands
        // encoded is read at most three levels deep, each shorter than the one around it.
        RunsInline = true,
        DefaultMessage = "Potential security threat detected",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => new InjectionProtectionEvaluator(InjectionSettings.Read(settings));
}

namespace LlmGuard.Integration.Tests.Harness;

/// <summary>A guardrail that does what a test says.</summary>
internal sealed class ScriptedPlugin(string name, Func<GuardrailCall, CancellationToken, ValueTask<GuardrailVerdict>> judge) : IGuardrailPlugin,
    IGuardrailEvaluator
{
    public GuardrailPluginMetadata Metadata => field ??= new GuardrailPluginMetadata(name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
        Rewrites = true,
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => judge(call, cancellationToken);
}

using LlmGuard.Plugins.BedrockGuardrail.Checks;
using LlmGuard.Plugins.BedrockGuardrail.Guardrail;
using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Remote;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.BedrockGuardrail;

/// <summary>The plugin <c>bedrock_guardrail</c>.</summary>
internal sealed class BedrockGuardrailPlugin(JudgeRuntime runtime, IBedrockCredentialProvider credentials) : IGuardrailPlugin
{
    public const string Name = "bedrock_guardrail";

    public GuardrailPluginMetadata Metadata { get; } = new(Name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        Rewrites = true,
        SendsContentOut = true,
        DefaultMessage = "The content was blocked by a guardrail.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var bedrock = BedrockSettings.Read(settings);
        IRemoteJudge judge = bedrock.Checks is { } checks ? new ChecksJudge(bedrock, checks) : new GuardrailJudge(bedrock);
        var evaluator = new RemoteEvaluator(runtime, bedrock.Judge, bedrock.Credentials.Create(credentials, runtime.Time), judge);
        return bedrock.Grounding is null ? evaluator : new GroundedEvaluator(evaluator);
    }

    /// <summary>An entry that checks answers against their sources reads the request once more.</summary>
    private sealed class GroundedEvaluator(RemoteEvaluator evaluator) : IGuardrailEvaluator, IEvaluatorNeeds, IDisposable
    {
        public GuardrailNeeds Needs => GuardrailNeeds.RequestContent;

        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) =>
            evaluator.EvaluateAsync(call, cancellationToken);

        public void Dispose() => evaluator.Dispose();
    }
}

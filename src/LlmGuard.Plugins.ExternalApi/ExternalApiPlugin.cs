using LlmGuard.Remote;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ExternalApi;

/// <summary>The plugin <c>external_api</c>.</summary>
internal sealed class ExternalApiPlugin(JudgeRuntime runtime) : IGuardrailPlugin
{
    public const string Name = "external_api";

    public GuardrailPluginMetadata Metadata { get; } = new(Name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse, GuardrailStage.PostResponse],
        Rewrites = true,
        SendsContentOut = true,
        DefaultStatusCode = 422,
        DefaultMessage = "The request was refused by an external check.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var external = ExternalApiSettings.Read(settings);
        return new RemoteEvaluator(runtime, external.Judge, external.CredentialFor(runtime.Time), new ExternalApiJudge(external));
    }
}

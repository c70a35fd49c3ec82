using LlmGuard.Plugins.NeuralTrustGuardrail.Firewall;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;
using LlmGuard.Remote;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NeuralTrustGuardrail;

/// <summary>The plugin <c>neuraltrust_guardrail</c>.</summary>
internal sealed class NeuralTrustGuardrailPlugin(JudgeRuntime runtime) : IGuardrailPlugin
{
    public const string Name = "neuraltrust_guardrail";

    public GuardrailPluginMetadata Metadata { get; } = new(Name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        Rewrites = true,
        SendsContentOut = true,
        DefaultMessage = "The content was blocked by NeuralTrust.",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var read = NeuralTrustSettings.Read(settings);
        return new RemoteEvaluator(runtime, read.Judge, CredentialOf(read), JudgeOf(read));
    }

    private static IRemoteJudge JudgeOf(NeuralTrustSettings settings) => settings.Firewall is { } firewall
        ? new FirewallJudge(settings, firewall)
        : new TrustGuardJudge(settings);

    private IJudgeCredential CredentialOf(NeuralTrustSettings settings) => settings.Credentials switch
    {
        { SigningKey: { } key } => new FirewallTokenCredential(key, runtime.Time),
        { Client: { } client } => new TokenCredential(
            client.Identity(settings.Judge.Endpoint),
            new AccessTokens(new CollectorTokens(runtime, settings.Judge, client).AcquireAsync, runtime.Time)),
        { Token: { } token } => new SecretCredential(token, settings.Api == NeuralTrustApi.Firewall ? FirewallTokenCredential.Header : null),
        _ => NoCredential.Instance,
    };
}

using LlmGuard.Plugins.NomaRuntimeProtection.Diagnostics;
using LlmGuard.Plugins.NomaRuntimeProtection.Settings;
using LlmGuard.Remote;
using LlmGuard.Remote.Credentials;
using LlmGuard.Remote.Judging;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Plugins.NomaRuntimeProtection;

/// <summary>The plugin <c>noma_runtime_protection</c>.</summary>
internal sealed class NomaRuntimeProtectionPlugin(JudgeRuntime runtime, ILogger<NomaRuntimeProtectionPlugin> logger) : IGuardrailPlugin
{
    public const string Name = "noma_runtime_protection";

    public GuardrailPluginMetadata Metadata { get; } = new(Name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PostRequest, GuardrailStage.PreResponse],
        DefaultStages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse],
        Rewrites = true,
        SendsContentOut = true,
        DefaultStatusCode = 400,
        DefaultMessage = "Request blocked by Noma guardrail",
    };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        var noma = NomaSettings.Read(settings);
        var symptoms = new Symptoms(logger, runtime.Time);
        var judge = new NomaJudge(noma, symptoms);
        return new NomaEvaluator(new RemoteEvaluator(runtime, noma.Judge, CredentialOf(noma, symptoms), judge), symptoms, runtime.Time);
    }

    private IJudgeCredential CredentialOf(NomaSettings noma, Symptoms symptoms)
    {
        if (noma.ApiKey is { } key)
        {
            return new SecretCredential(key);
        }

        return noma.Client is { } client
            ? new TokenCredential(client.Identity, new AccessTokens(new NomaTokens(runtime, client, symptoms).AcquireAsync, runtime.Time))
            : NoCredential.Instance;
    }
}

using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Tool.Policies;

/// <summary>The plugins this tool carries. A package that is added to the project is registered here, in one line.</summary>
internal static class ToolPlugins
{
    public static void AddAll(IAiGuardrailsBuilder builder) => builder
        .AddBedrockGuardrail()
        .AddCodeSanitation()
        .AddDataMasking()
        .AddExternalApi()
        .AddInjectionProtection()
        .AddNeuralTrustGuardrail()
        .AddNomaRuntimeProtection()
        .AddPromptModeration()
        .AddRateLimiter()
        .AddRequestSizeLimiter()
        .AddTokenRateLimiter()
        .AddToxicityAzure(new DefaultAzureCredential())
        .AddToxicityOpenAI();
}

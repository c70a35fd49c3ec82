using LlmGuard.Gateway.ToyModel;
using LlmGuard.Integration.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Integration.Tests.Sdks;

/// <summary>The toy model of the gateway example, which repeats what it read, behind the policy of the example or bare.</summary>
internal static class ToyModelApp
{
    public static string PolicyFile => Path.Combine(SampleProcess.Directory("LlmGuard.Gateway"), "policy.json");

    public static Task<LoopbackApp> StartGuardedAsync() => LoopbackApp.StartAsync(
        static builder => Guardrails(builder.Services),
        static app =>
        {
            app.UseRouting();
            app.UseAiGuardrails();
            app.MapToyModel();
        });

    public static Task<LoopbackApp> StartBareAsync() => LoopbackApp.StartAsync(static _ => { }, static app => app.MapToyModel());

    /// <summary>A factory of guarded clients named <c>llm</c>.</summary>
    public static ServiceProvider Clients()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        Guardrails(services);
        services.AddHttpClient("llm").AddAiGuardrails();
        return services.BuildServiceProvider();
    }

    private static void Guardrails(IServiceCollection services) => services
        .AddAiGuardrails(static options => options.PolicyFiles.Add(PolicyFile))
        .AddDataMasking()
        .AddPromptModeration()
        .AddRequestSizeLimiter();
}

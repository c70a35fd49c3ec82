using Microsoft.Extensions.DependencyInjection;

namespace LlmGuard.Benchmarks.Policies;

/// <summary>The library under one policy, as an application would have it.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Engine(string policy)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        Add(services, policy);
        _services = services.BuildServiceProvider();
        Guardrails = _services.GetRequiredService<IAiGuardrails>();
    }

    public IAiGuardrails Guardrails { get; }

    public IServiceProvider Services => _services;

    public static void Add(IServiceCollection services, string policy) => services
        .AddAiGuardrails(options => options.PolicyJson = policy)
        .AddDataMasking()
        .AddPromptModeration()
        .AddInjectionProtection()
        .AddCodeSanitation()
        .AddRequestSizeLimiter()
        .AddPlugin<NothingPlugin>()
        .AddPlugin<PooledNothingPlugin>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

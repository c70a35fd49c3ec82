using LlmGuard.Policy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tests.Policy;

/// <summary>The services of an application with a policy and a clock that stands still.</summary>
internal sealed class PolicyApplication : IDisposable
{
    private readonly ServiceProvider _services;

    public PolicyApplication(
        IReadOnlyList<IGuardrailPlugin>? plugins = null,
        IConfiguration? configuration = null,
        Action<AiGuardrailsOptions>? configure = null,
        PolicyTableFactory? tables = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(tables ?? PolicyTable.Build);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddMetrics();
        if (configuration is not null)
        {
            services.AddSingleton(configuration);
        }

        foreach (var plugin in plugins ?? Read.NoSettingsPlugins)
        {
            services.AddSingleton(plugin);
        }

        services.AddAiGuardrails(configure);
        _services = services.BuildServiceProvider();
    }

    public ManualTime Time { get; } = new();

    public RecordingLogger Log { get; } = new();

    public IServiceProvider Services => _services;

    public PolicyProvider Provider => _services.GetRequiredService<PolicyProvider>();

    public static FakeEvaluator Evaluator(PolicyLease lease) =>
        (FakeEvaluator)lease.Resolve(default).Plan![GuardrailStage.PreRequest].Sequential[0].Evaluator;

    public void Dispose() => _services.Dispose();
}

/// <summary>Configuration whose keys a test changes.</summary>
internal sealed class ChangingConfiguration
{
    public ChangingConfiguration(params (string Key, string? Value)[] values) => Root = new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, v.Value)))
        .Build();

    public IConfigurationRoot Root { get; }

    public void Set(string key, string? value)
    {
        Root[key] = value;
        Root.Reload();
    }
}

using System.Diagnostics.Metrics;
using LlmGuard.Audit;
using LlmGuard.Counters;
using LlmGuard.Counters.Memory;
using LlmGuard.Execution.Background;
using LlmGuard.Masking;
using LlmGuard.Policy;
using LlmGuard.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LlmGuard.Execution;

/// <summary>Registers the executor. Calling it twice is harmless.</summary>
internal static class ExecutionServiceCollectionExtensions
{
    public static IServiceCollection AddGuardrailExecution(this IServiceCollection services)
    {
        services.AddOptions<AiGuardrailsOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new HeldBytesBudget(s.GetRequiredService<IOptions<AiGuardrailsOptions>>().Value.MaxHeldBytes));
        services.TryAddSingleton(s => new GuardrailTelemetry(s.GetService<IMeterFactory>(), s.GetRequiredService<HeldBytesBudget>()));
        services.TryAddSingleton(s => new GenAiGuardrailEvents(LoggersOf(s).CreateLogger(GenAiGuardrailEvents.Category)));
        services.TryAddSingleton(s => new ExecutionLog(LoggersOf(s).CreateLogger<ExecutionLog>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IGuardrailAuditSink, LoggingAuditSink>(
            s => new LoggingAuditSink(LoggersOf(s).CreateLogger<LoggingAuditSink>())));
        services.TryAddSingleton<IMaskVaultStore>(s => new InMemoryMaskVaultStore(
            s.GetRequiredService<IOptions<AiGuardrailsOptions>>().Value.MaxMaskVaultBytes, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(s => new ExecutionServices(
            s.GetRequiredService<IOptions<AiGuardrailsOptions>>().Value,
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<HeldBytesBudget>(),
            s.GetRequiredService<GuardrailTelemetry>(),
            s.GetRequiredService<GenAiGuardrailEvents>(),
            s.GetRequiredService<ExecutionLog>(),
            s.GetServices<IGuardrailAuditSink>(),
            s.GetServices<IGuardrailContentSink>(),
            s.GetRequiredService<IMaskVaultStore>()));
        services.TryAddSingleton<IAiGuardrails>(s =>
            new AiGuardrails(s.GetRequiredService<IPolicyProvider>(), s.GetRequiredService<ExecutionServices>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BackgroundDrain>());
        AddCounters(services);
        return services;
    }

    private static void AddCounters(IServiceCollection services)
    {
        services.TryAddSingleton(s => new CounterMetrics(s.GetService<IMeterFactory>()));
        services.TryAddSingleton(s => new InMemoryCounterStore(
            s.GetRequiredService<IOptions<AiGuardrailsOptions>>().Value.MaxCounters,
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<CounterMetrics>()));
        services.TryAddSingleton<ICounterStore>(s => s.GetRequiredService<InMemoryCounterStore>());
        services.TryAddSingleton(s => new GuardrailCounters(
            s.GetRequiredService<ICounterStore>(),
            s.GetRequiredService<InMemoryCounterStore>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<CounterMetrics>()));
    }

    private static ILoggerFactory LoggersOf(IServiceProvider services) => services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
}

using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGuard.Tests.Execution.Doubles;

/// <summary>The executor as an application without logging, listeners and sinks has it.</summary>
internal sealed class QuietHarness : IDisposable
{
    private readonly GuardrailTelemetry _telemetry;
    private readonly ExecutionServices _services;

    public QuietHarness(EffectivePlan plan, TimeProvider? time = null)
    {
        var options = new AiGuardrailsOptions();
        var budget = new HeldBytesBudget(options.MaxHeldBytes);
        _telemetry = new GuardrailTelemetry(null, budget);
        _services = new ExecutionServices(
            options,
            time ?? TimeProvider.System,
            budget,
            _telemetry,
            new GenAiGuardrailEvents(NullLogger.Instance),
            new ExecutionLog(NullLogger<ExecutionLog>.Instance),
            [],
            [],
            new InMemoryMaskVaultStore(1_000_000, TimeProvider.System));
        Policy = new FakePolicyProvider(plan);
        Guardrails = new AiGuardrails(Policy, _services);
    }

    public FakePolicyProvider Policy { get; }

    public AiGuardrails Guardrails { get; }

    public void Dispose()
    {
        _services.Dispose();
        _telemetry.Dispose();
    }
}

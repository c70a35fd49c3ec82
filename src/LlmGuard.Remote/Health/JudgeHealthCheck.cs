using LlmGuard.Remote.Transport;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly.CircuitBreaker;

namespace LlmGuard.Remote.Health;

/// <summary>Reports how the requests to a judge have been going of late, by its breakers. Asks the judge nothing itself.</summary>
/// <param name="gates">The breakers.</param>
/// <param name="plugin">The judge's plugin.</param>
internal sealed class JudgeHealthCheck(JudgeGates gates, string plugin) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var known = gates.Of(plugin);
        var down = known.Count(gate => gate.State is CircuitState.Open or CircuitState.Isolated);
        var trying = known.Count(gate => gate.State == CircuitState.HalfOpen);
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["destinations"] = known.Count,
            ["open"] = down,
            ["half_open"] = trying,
        };
        var status = down == 0 && trying == 0 ? HealthStatus.Healthy
            : down == known.Count ? context.Registration.FailureStatus
            : HealthStatus.Degraded;
        return Task.FromResult(new HealthCheckResult(status, status == HealthStatus.Healthy ? null : $"The judge {plugin} fails.", data: data));
    }
}

using LlmGuard.Counters;
using LlmGuard.Policy;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmGuard.AspNetCore.Health;

/// <summary>Reports a policy that could not be reloaded, and limiters that count without the store they share.</summary>
internal sealed class GuardrailHealthCheck(PolicyProvider policy, GuardrailCounters counters) : IHealthCheck
{
    private const string ReloadRefused = "The last reload of the policy was refused; the policy before it is in force.";
    private const string CountsAlone = "The counter store did not answer when it was last asked; limits are counted in this process alone.";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Of(policy.Status, counters.IsDegraded, context.Registration.FailureStatus));

    /// <summary>The health that the states of policy and counters mean.</summary>
    public static HealthCheckResult Of(PolicyStatus status, bool countsAlone, HealthStatus failureStatus) => (status, countsAlone) switch
    {
        ({ Revision: null }, _) => new HealthCheckResult(failureStatus, "No policy is loaded."),
        ({ IsDegraded: true }, true) => HealthCheckResult.Degraded($"{ReloadRefused} {CountsAlone}"),
        ({ IsDegraded: true }, false) => HealthCheckResult.Degraded(ReloadRefused),
        (_, true) => HealthCheckResult.Degraded(CountsAlone),
        _ => HealthCheckResult.Healthy(),
    };
}

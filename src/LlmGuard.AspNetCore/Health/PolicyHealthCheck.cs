using LlmGuard.Policy;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmGuard.AspNetCore.Health;

/// <summary>Reports a policy that could not be reloaded.</summary>
internal sealed class PolicyHealthCheck(PolicyProvider policy) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Of(policy.Status, context.Registration.FailureStatus));

    /// <summary>The health that a status of the policy means.</summary>
    public static HealthCheckResult Of(PolicyStatus status, HealthStatus failureStatus) => status switch
    {
        { Revision: null } => new HealthCheckResult(failureStatus, "No policy is loaded."),
        { IsDegraded: true } => HealthCheckResult.Degraded("The last reload of the policy was refused; the policy before it is in force."),
        _ => HealthCheckResult.Healthy(),
    };
}

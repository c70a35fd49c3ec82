using LlmGuard.Policy;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmGuard.AspNetCore.Health;

/// <summary>Reports a policy that could not be reloaded.</summary>
internal sealed class PolicyHealthCheck(PolicyProvider policy) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = policy.Status;
        var result = status switch
        {
            { Revision: null } => new HealthCheckResult(context.Registration.FailureStatus, "No policy is loaded."),
            { IsDegraded: true } => HealthCheckResult.Degraded("The last reload of the policy was refused; the policy before it is in force."),
            _ => HealthCheckResult.Healthy(),
        };
        return Task.FromResult(result);
    }
}

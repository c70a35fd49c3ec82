using LlmGuard.AspNetCore.Health;
using LlmGuard.Counters;
using LlmGuard.Policy;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the guardrails to the health checks.</summary>
public static class AiGuardrailsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of the guardrails: degraded when a reload of the policy was refused and the last good one stays in force, or when limits are
    /// counted in this process alone because the counter store did not answer when it was last asked; unhealthy without a policy.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check; <c>ai_guardrails</c> by default.</param>
    /// <param name="tags">Tags to filter checks by, or null.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddAiGuardrails(
        this IHealthChecksBuilder builder,
        string name = "ai_guardrails",
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            static services => services.GetService<PolicyProvider>() is { } policy
                ? new GuardrailHealthCheck(policy, services.GetRequiredService<GuardrailCounters>())
                : throw new InvalidOperationException("The guardrails are not registered. Call services.AddAiGuardrails() first."),
            HealthStatus.Unhealthy,
            tags));
    }
}

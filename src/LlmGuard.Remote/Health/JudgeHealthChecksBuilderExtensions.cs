using LlmGuard.Remote.Health;
using LlmGuard.Remote.Transport;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of remote judges.</summary>
public static class JudgeHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check of one remote judge under the name <c>ai_guardrails_&lt;plugin&gt;</c>: healthy while its circuit breakers are closed,
    /// degraded while one of several is open or one may be tried again, and <paramref name="failureStatus"/> while all are open, 5 seconds at a time.
    /// An application that is taken out of service for it is so back when the next call may try. It reads the breakers and sends nothing, so it is
    /// free and may be asked often.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="plugin">The judge's identifier, such as <c>toxicity_openai</c>, added with its <c>Add...()</c> method.</param>
    /// <param name="failureStatus">What it reports while the judge cannot be reached; degraded when null.</param>
    /// <param name="tags">Tags to filter by.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="plugin"/> is empty.</exception>
    public static IHealthChecksBuilder AddGuardrailJudge(
        this IHealthChecksBuilder builder,
        string plugin,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(plugin);
        return builder.Add(new HealthCheckRegistration(
            "ai_guardrails_" + plugin,
            services => new JudgeHealthCheck(services.GetRequiredService<JudgeGates>(), plugin),
            failureStatus ?? HealthStatus.Degraded,
            tags));
    }
}

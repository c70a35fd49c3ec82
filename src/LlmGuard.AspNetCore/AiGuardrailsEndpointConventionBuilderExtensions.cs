using LlmGuard.AspNetCore.Endpoints;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says on endpoints and groups of endpoints how they are guarded.</summary>
public static class AiGuardrailsEndpointConventionBuilderExtensions
{
    /// <summary>Guards the endpoints with the entries of a service of the policy, besides those of gateway, rule and caller.</summary>
    /// <typeparam name="TBuilder">The endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="service">The service's id; one that the policy lacks stops the start.</param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>Also undoes <see cref="DisableAiGuardrails"/> of an enclosing group. The innermost service counts.</remarks>
    /// <exception cref="ArgumentException"><paramref name="service"/> is empty.</exception>
    public static TBuilder WithAiGuardrails<TBuilder>(this TBuilder builder, string service)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(service);
        var metadata = new GuardrailMetadata(service, IsDisabled: false);
        builder.Add(endpoint => GuardedEndpoint.Add(endpoint, metadata));
        return builder;
    }

    /// <summary>Runs no guardrails for the endpoints, except entries that the policy marks <c>locked</c>.</summary>
    /// <typeparam name="TBuilder">The endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <returns>The endpoint or group.</returns>
    public static TBuilder DisableAiGuardrails<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var metadata = new GuardrailMetadata(null, IsDisabled: true);
        builder.Add(endpoint => GuardedEndpoint.Add(endpoint, metadata));
        return builder;
    }
}

using LlmGuard.Policy;
using Microsoft.AspNetCore.Routing;

namespace LlmGuard.AspNetCore.Endpoints;

/// <summary>Checks the service ids in endpoint metadata against the policy.</summary>
internal static class EndpointServices
{
    /// <exception cref="InvalidOperationException">An endpoint names a service that the policy lacks.</exception>
    public static void ThrowIfUnknown(EndpointDataSource? endpoints, PolicyDocument policy)
    {
        var unknown = (endpoints?.Endpoints ?? [])
            .SelectMany(static endpoint =>
                endpoint.Metadata.GetOrderedMetadata<GuardrailMetadata>(), static (endpoint, m) => (endpoint.DisplayName, m.Service))
            .Where(named => named.Service is not null && !policy.Services.Any(service => service.Name == named.Service))
            .Select(static named => $"\"{named.Service}\" ({named.DisplayName})")
            .Distinct()
            .ToArray();
        if (unknown.Length > 0)
        {
            throw new InvalidOperationException(
                $"Endpoints name services with WithAiGuardrails(...) that the policy lacks: {string.Join(", ", unknown)}. Add them to \"services\".");
        }
    }
}

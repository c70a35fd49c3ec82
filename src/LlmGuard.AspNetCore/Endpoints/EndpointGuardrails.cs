using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Endpoints;

/// <summary>What the metadata of the chosen endpoint says, from the widest group to the endpoint itself.</summary>
/// <param name="Service">The service's id, or null.</param>
/// <param name="IsDisabled">Whether only locked entries apply.</param>
/// <param name="IsChosen">Whether routing has chosen an endpoint.</param>
internal readonly record struct EndpointGuardrails(string? Service, bool IsDisabled, bool IsChosen)
{
    public static EndpointGuardrails Of(HttpContext context)
    {
        if (context.Features.Find<IEndpointFeature>()?.Endpoint is not { } endpoint)
        {
            return default;
        }

        var result = new EndpointGuardrails(null, IsDisabled: false, IsChosen: true);
        foreach (var metadata in endpoint.Metadata.GetOrderedMetadata<GuardrailMetadata>())
        {
            result = result with { Service = metadata.Service ?? result.Service, IsDisabled = metadata.IsDisabled };
        }

        return result;
    }
}

/// <summary>One piece of endpoint metadata.</summary>
/// <param name="Service">The service's id, or null when nothing is said about it.</param>
/// <param name="IsDisabled">Whether only locked entries apply from here on.</param>
internal sealed record GuardrailMetadata(string? Service, bool IsDisabled);

using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Endpoints;

/// <summary>What the metadata of the chosen endpoint says, from the widest group to the endpoint itself.</summary>
/// <param name="Service">The service's id, or null.</param>
/// <param name="IsDisabled">Whether only locked entries apply.</param>
internal readonly record struct EndpointGuardrails(string? Service, bool IsDisabled)
{
    public static EndpointGuardrails Of(HttpContext context)
    {
        var result = default(EndpointGuardrails);
        foreach (var metadata in context.GetEndpoint()?.Metadata.GetOrderedMetadata<GuardrailMetadata>() ?? [])
        {
            result = new EndpointGuardrails(metadata.Service ?? result.Service, metadata.IsDisabled);
        }

        return result;
    }
}

/// <summary>One piece of endpoint metadata.</summary>
/// <param name="Service">The service's id, or null when nothing is said about it.</param>
/// <param name="IsDisabled">Whether only locked entries apply from here on.</param>
internal sealed record GuardrailMetadata(string? Service, bool IsDisabled);

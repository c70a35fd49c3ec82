using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Endpoints;

/// <summary>Sees to it that metadata which the guardrails could not honour is an error rather than nothing.</summary>
internal static class GuardedEndpoint
{
    public static void Add(EndpointBuilder builder, GuardrailMetadata metadata)
    {
        var isFirst = !builder.Metadata.Any(static m => m is GuardrailMetadata);
        builder.Metadata.Add(metadata);
        if (isFirst && builder.RequestDelegate is { } inner)
        {
            builder.RequestDelegate = context =>
            {
                ThrowIfNotHonoured(context);
                return inner(context);
            };
        }
    }

    private static void ThrowIfNotHonoured(HttpContext context)
    {
        var incoming = context.Features.Find<IAiGuardrailsFeature>() as GuardedRequest
            ?? throw new InvalidOperationException(
                "The endpoint has guardrails metadata and no middleware honours it. Call app.UseAiGuardrails() before the endpoints are executed.");
        if (!incoming.HasEndpoint && !ErrorPage.IsExecuted(context))
        {
            throw new InvalidOperationException(
                "The endpoint has guardrails metadata, and routing had not run when the guardrails did. Call app.UseAiGuardrails() after "
                    + "app.UseRouting().");
        }
    }
}

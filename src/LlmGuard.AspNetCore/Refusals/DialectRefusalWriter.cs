using LlmGuard.Http.Refusals;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Refusals;

/// <summary>Answers in the caller's dialect.</summary>
internal sealed class DialectRefusalWriter : IGuardrailRefusalWriter
{
    public async ValueTask WriteAsync(HttpContext context, GuardrailRefusalContext refusal)
    {
        var body = RefusalBody.Render(
            refusal.Refusal,
            refusal.Dialect,
            refusal.DenyWithCompletion,
            refusal.IsStreaming,
            refusal.Model,
            refusal.CallId);
        var response = context.Response;
        response.StatusCode = body.StatusCode;
        response.ContentType = body.ContentType;
        response.ContentLength = body.Body.Length;
        response.Headers.CacheControl = "no-store";
        foreach (var (name, value) in body.Headers)
        {
            response.Headers[name] = value;
        }

        await response.Body.WriteAsync(body.Body, context.RequestAborted).ConfigureAwait(false);
    }
}

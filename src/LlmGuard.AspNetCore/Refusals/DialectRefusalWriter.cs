using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire.Bodies;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Refusals;

/// <summary>Answers in the caller's dialect.</summary>
internal sealed class DialectRefusalWriter : IGuardrailRefusalWriter
{
    public async ValueTask WriteAsync(HttpContext context, GuardrailRefusalContext refusal)
    {
        var body = RefusalBody.Render(
            new RefusedCall
            {
                Refusal = refusal.Refusal,
                CallId = refusal.CallId,
                Model = refusal.Model ?? "",
                IsStreaming = refusal.IsStreaming,
                RawPath = refusal.RawPath,
                RawQuery = context.Request.QueryString.Value ?? "",
                ReplyTo = refusal.ReplyTo,
                IsGrpc = refusal.Dialect is null && MediaType.NamesGrpc(context.Request.ContentType),
            },
            refusal.Dialect,
            refusal.DenyWithCompletion);
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

using System.Net;
using LlmGuard.Http.Dialects;
using LlmGuard.Http.Refusals;
using LlmGuard.Http.Wire;
using LlmGuard.Http.Wire.Bodies;

namespace LlmGuard.Http.Client;

/// <summary>What a guarded client answers in the upstream's place.</summary>
internal static class RefusalAnswer
{
    /// <summary>The refusal in the words of the request's dialect: of what was read of it or, where nothing was, of its path.</summary>
    public static HttpResponseMessage Of(Refusal refusal, HttpRequestMessage request, WireMessage? message, GuardedCall call)
    {
        var path = request.RequestUri?.AbsolutePath ?? "/";
        var dialect = message?.Dialect ?? DialectRegistry.FromPath(request.Method.Method, path);
        var refused = new RefusedCall
        {
            Refusal = refusal,
            CallId = call.Id,
            Model = message?.Model ?? "",
            IsStreaming = message?.IsStreaming ?? false,
            RawPath = path,
            RawQuery = request.RequestUri?.Query ?? "",
            ReplyTo = message?.ReplyTo,
            IsGrpc = dialect is null && MediaType.NamesGrpc(request.Content?.Headers.ContentType?.MediaType),
        };
        var body = RefusalBody.Render(refused, dialect, call.Plan.DenyWithCompletion);
        var response = new HttpResponseMessage((HttpStatusCode)body.StatusCode)
        {
            Content = new ReadOnlyMemoryContent(body.Body),
            RequestMessage = request,
            Version = request.Version,
        };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", body.ContentType);
        foreach (var (name, value) in body.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}

using LlmGuard.Http.Wire;

namespace LlmGuard.Http.Client;

/// <summary>Heads of the client's messages.</summary>
internal static class RequestHead
{
    public static WireHead Of(HttpRequestMessage request) => new()
    {
        Method = request.Method.Method.ToUpperInvariant(),
        RawPath = request.RequestUri?.AbsolutePath ?? "/",
        RawQuery = request.RequestUri?.Query ?? "",
        ContentType = HeaderList.Single(request.Content?.Headers, "Content-Type"),
        Headers = HeaderList.Of(request.Headers, request.Content?.Headers),
    };
}

/// <summary>Heads of the answers to them.</summary>
internal static class ResponseHead
{
    public static WireHead Of(HttpResponseMessage response, HttpRequestMessage request, WireMessage? message) => new()
    {
        Method = request.Method.Method.ToUpperInvariant(),
        RawPath = request.RequestUri?.AbsolutePath ?? "/",
        RawQuery = request.RequestUri?.Query ?? "",
        ContentType = HeaderList.Single(response.Content.Headers, "Content-Type"),
        Headers = HeaderList.OfAnswer(response, response.Content),
        Status = response.StatusCode,
        Dialect = message?.Dialect,
        IsStreaming = message?.IsStreaming ?? false,
    };
}

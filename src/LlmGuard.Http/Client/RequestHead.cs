using LlmGuard.Http.Wire;

namespace LlmGuard.Http.Client;

/// <summary>Heads of the client's messages.</summary>
internal static class RequestHead
{
    public static WireHead Of(HttpRequestMessage request)
    {
        // Read once: a header that was set as an object is written out whenever somebody asks.
        var headers = HeaderList.Of(request.Headers, request.Content?.Headers);
        return new WireHead
        {
            Method = request.Method.Method.ToUpperInvariant(),
            RawPath = request.RequestUri?.AbsolutePath ?? "/",
            RawQuery = request.RequestUri?.Query ?? "",
            ContentType = HeaderList.Single(headers, "Content-Type"),
            Headers = headers,
        };
    }
}

/// <summary>Heads of the answers to them.</summary>
internal static class ResponseHead
{
    public static WireHead Of(HttpResponseMessage response, HttpRequestMessage request, WireMessage? message)
    {
        var headers = HeaderList.OfAnswer(response, response.Content);
        return new WireHead
        {
            Method = request.Method.Method.ToUpperInvariant(),
            RawPath = request.RequestUri?.AbsolutePath ?? "/",
            RawQuery = request.RequestUri?.Query ?? "",
            ContentType = HeaderList.Single(headers, "Content-Type"),
            Headers = headers,
            Status = response.StatusCode,
            Dialect = message?.Dialect,
            IsStreaming = message?.IsStreaming ?? false,
        };
    }
}

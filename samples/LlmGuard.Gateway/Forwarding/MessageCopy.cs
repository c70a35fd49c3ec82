using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.Gateway.Forwarding;

/// <summary>Copies messages from one connection to the other, without what belongs to a connection (RFC 9110, section 7.6.1).</summary>
internal static class MessageCopy
{
    private static readonly HashSet<string> OfConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    public static HttpRequestMessage ToUpstream(HttpContext context, Uri target)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } || context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        var named = NamedByConnection(context.Request.Headers.Connection);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (OfConnection.Contains(name) || named.Contains(name) || name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return request;
    }

    public static void ToClient(HttpResponseMessage response, HttpContext context)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        var named = NamedByConnection(response.Headers.NonValidated.TryGetValues("Connection", out var connection) ? [.. connection] : []);
        Copy(response.Headers.NonValidated);
        Copy(response.Content.Headers.NonValidated);

        void Copy(System.Net.Http.Headers.HttpHeadersNonValidated headers)
        {
            foreach (var (name, values) in headers)
            {
                if (!OfConnection.Contains(name) && !named.Contains(name))
                {
                    context.Response.Headers.Append(name, values.ToArray());
                }
            }
        }
    }

    private static HashSet<string> NamedByConnection(IEnumerable<string?> values) => values
        .SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);
}

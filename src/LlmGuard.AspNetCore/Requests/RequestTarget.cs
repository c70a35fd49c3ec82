using LlmGuard.Planning.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>The path of a request as the next hop sees it.</summary>
internal static class RequestTarget
{
    /// <summary>
    /// The path as sent, which is what a forwarder sends on. When a middleware before the guardrails has rewritten it, the path as it is now.
    /// </summary>
    public static string RawPath(HttpContext context)
    {
        var request = context.Request;
        var seen = request.PathBase.Value + request.Path.Value;
        if (PathOf(context.Features.Find<IHttpRequestFeature>()?.RawTarget) is { } sent && IsSame(sent, seen))
        {
            return sent;
        }

        var encoded = request.PathBase.ToUriComponent() + request.Path.ToUriComponent();
        return encoded.Length == 0 ? "/" : encoded;
    }

    private static string? PathOf(string? target)
    {
        if (string.IsNullOrEmpty(target))
        {
            return null;
        }

        var start = 0;
        if (target[0] != '/')
        {
            // The absolute form, "GET http://host/path".
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            start = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            if (start < 0)
            {
                return null;
            }
        }

        var end = target.IndexOf('?', start);
        return end < 0 ? target[start..] : target[start..end];
    }

    /// <summary>Whether the server turns what was sent into what the application sees. Rules do not tell upper from lower case.</summary>
    private static bool IsSame(string sent, string seen) =>
        string.Equals(sent, seen, StringComparison.OrdinalIgnoreCase)
        || string.Equals(DotSegments.Remove(Decode(sent)), seen, StringComparison.OrdinalIgnoreCase);

    /// <summary>Decodes once, as servers do: an encoded slash stays encoded.</summary>
    private static string Decode(string path) => path.Contains('%')
        ? string.Join("%2F", path.Split("%2F").SelectMany(static part => part.Split("%2f")).Select(Uri.UnescapeDataString))
        : path;
}

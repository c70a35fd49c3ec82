using LlmGuard.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>Carries out on a request what a decision changes besides its body.</summary>
internal static class RequestRewrite
{
    /// <summary>Changes headers, path and query. False, and nothing changed, when the endpoint would still see the old path.</summary>
    public static bool TryApply(HttpContext context, WireRewrite rewrite)
    {
        var request = context.Request;
        if (rewrite.RawPath is { } rawPath && !TryMove(context, rawPath, rewrite.RawQuery))
        {
            return false;
        }

        if (rewrite.RawQuery is { } query)
        {
            request.QueryString = new QueryString(query);
            SetRawTarget(context, rewrite.RawPath, query);
        }

        ApplyHeaders(request.Headers, rewrite.Headers);
        return true;
    }

    /// <summary>The first value given for a name replaces what was there, further ones join it.</summary>
    public static void ApplyHeaders(IHeaderDictionary headers, IReadOnlyList<KeyValuePair<string, string?>> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var (name, value) = changes[i];
            if (value is null)
            {
                headers.Remove(name);
            }
            else if (IsFirst(changes, i))
            {
                headers[name] = value;
            }
            else
            {
                headers.Append(name, value);
            }
        }
    }

    private static bool IsFirst(IReadOnlyList<KeyValuePair<string, string?>> changes, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (string.Equals(changes[i].Key, changes[index].Key, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The endpoint is chosen and its route values are cut out of the path by now, so they are cut out anew.</summary>
    private static bool TryMove(HttpContext context, string rawPath, string? rawQuery)
    {
        var request = context.Request;
        var full = PathString.FromUriComponent(rawPath);
        if (!full.StartsWithSegments(request.PathBase, out var path))
        {
            return false;
        }

        if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            var values = new RouteValueDictionary();
            var matcher = new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary(endpoint.RoutePattern.Defaults));
            if (!matcher.TryMatch(path, values))
            {
                return false;
            }

            request.RouteValues = values;
        }
        else if (request.RouteValues.Count > 0)
        {
            return false;
        }

        request.Path = path;
        SetRawTarget(context, rawPath, rawQuery ?? request.QueryString.Value);
        return true;
    }

    private static void SetRawTarget(HttpContext context, string? rawPath, string? rawQuery)
    {
        var feature = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var path = rawPath ?? feature.RawTarget.Split('?')[0];
        feature.RawTarget = path + rawQuery;
    }
}

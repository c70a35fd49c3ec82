using LlmGuard.Http.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Requests;

/// <summary>Describes incoming requests to the wire reader.</summary>
internal static class RequestHead
{
    public static WireHead Of(IncomingCall incoming)
    {
        var request = incoming.Context.Request;
        return new WireHead
        {
            Method = incoming.Method,
            RawPath = incoming.RawPath,
            RawQuery = request.QueryString.Value ?? "",
            ContentType = request.ContentType,
            Headers = Flatten(request.Headers),
            Dialect = incoming.Plan.Dialect,
        };
    }

    /// <summary>One pair for each value.</summary>
    public static List<KeyValuePair<string, string>> Flatten(IHeaderDictionary headers)
    {
        var pairs = new List<KeyValuePair<string, string>>(headers.Count);
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                pairs.Add(new(name, value ?? ""));
            }
        }

        return pairs;
    }

    public static IReadOnlyList<string> ContentEncoding(IHeaderDictionary headers) =>
        headers.ContentEncoding.Count == 0 ? [] : [.. headers.ContentEncoding.OfType<string>()];
}

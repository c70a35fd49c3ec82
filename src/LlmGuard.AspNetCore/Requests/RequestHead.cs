using LlmGuard.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

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
            Headers = incoming.Headers,
            Dialect = incoming.Plan.Dialect,
        };
    }

    /// <summary>One pair for each value.</summary>
    public static List<KeyValuePair<string, string>> Flatten(IHeaderDictionary headers)
    {
        var pairs = new List<KeyValuePair<string, string>>(headers.Count);
        if (headers is HeaderDictionary own)
        {
            // Those of an answer that is held. Seen as what they are, they make no enumerator.
            foreach (var (name, values) in own)
            {
                Add(pairs, name, values);
            }
        }
        else
        {
            foreach (var (name, values) in headers)
            {
                Add(pairs, name, values);
            }
        }

        return pairs;
    }

    private static void Add(List<KeyValuePair<string, string>> pairs, string name, StringValues values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            pairs.Add(new(name, values[i] ?? ""));
        }
    }

    public static IReadOnlyList<string> ContentEncoding(IHeaderDictionary headers) =>
        headers.ContentEncoding.Count == 0 ? [] : [.. headers.ContentEncoding.OfType<string>()];
}

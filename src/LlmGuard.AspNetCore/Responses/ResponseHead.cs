using System.Net;
using LlmGuard.Http.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>Describes answers to the wire reader.</summary>
internal static class ResponseHead
{
    public static WireHead Of(IncomingCall incoming, int statusCode, IReadOnlyList<KeyValuePair<string, string>> headers) => new()
    {
        Method = incoming.Method,
        RawPath = incoming.RawPath,
        ContentType = First(headers, "Content-Type"),
        Headers = headers,
        Status = (HttpStatusCode)statusCode,
        Dialect = incoming.Message?.Dialect ?? incoming.Plan.Dialect,
        IsStreaming = incoming.Message?.IsStreaming ?? false,
    };

    /// <summary>Whether an answer of that kind has no body, whatever its headers say.</summary>
    public static bool IsBodiless(HttpRequest request, int statusCode) =>
        HttpMethods.IsHead(request.Method) || statusCode is < 200 or 204 or 205 or 304;

    // By index, as every answer that is held comes by: a list seen through its interface makes an enumerator for each.
    private static string? First(IReadOnlyList<KeyValuePair<string, string>> headers, string name)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return headers[i].Value;
            }
        }

        return null;
    }

    public static IReadOnlyList<string> ContentEncoding(IReadOnlyList<KeyValuePair<string, string>> headers) =>
        First(headers, "Content-Encoding") is null
            ? []
            : [.. headers.Where(static h => h.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)).Select(static h => h.Value)];
}

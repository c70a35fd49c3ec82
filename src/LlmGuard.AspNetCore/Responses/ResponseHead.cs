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
        ContentType = headers.FirstOrDefault(static h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value,
        Headers = headers,
        Status = (HttpStatusCode)statusCode,
        Dialect = incoming.Message?.Dialect ?? incoming.Plan.Dialect,
        IsStreaming = incoming.Message?.IsStreaming ?? false,
    };

    /// <summary>Whether an answer of that kind has no body, whatever its headers say.</summary>
    public static bool IsBodiless(HttpRequest request, int statusCode) =>
        HttpMethods.IsHead(request.Method) || statusCode is < 200 or 204 or 205 or 304;

    public static IReadOnlyList<string> ContentEncoding(IReadOnlyList<KeyValuePair<string, string>> headers) =>
        [.. headers.Where(static h => h.Key.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)).Select(static h => h.Value)];
}

using System.Net;

namespace LlmGuard.Http.Wire;

/// <summary>What surrounds a body: the same shape for a request and for a response, whichever seam it comes from.</summary>
internal sealed record WireHead
{
    /// <summary>The method in upper case. On a response, the one of the request it answers.</summary>
    public required string Method { get; init; }

    /// <summary>The path as sent, percent-encoded. On a response, the one of the request it answers.</summary>
    public required string RawPath { get; init; }

    /// <summary>The query as sent, with its leading <c>?</c>, or empty.</summary>
    public string RawQuery { get; init; } = "";

    /// <summary>The Content-Type as sent, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>All headers (content headers and trailers included) in order; a name may repeat.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The status; null on a request.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>On a response: whether the request asked for a stream, as far as it was read.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>The dialect the policy or the request's parse established, or null.</summary>
    public string? Dialect { get; init; }
}

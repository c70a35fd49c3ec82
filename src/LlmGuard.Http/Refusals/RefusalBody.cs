using System.Globalization;
using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Refusals;

/// <summary>A refusal in the caller's dialect, so that SDKs raise their normal exception or see a normal refusal.</summary>
/// <param name="StatusCode">The status.</param>
/// <param name="ContentType">The content type.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">Further headers: Retry-After, x-should-retry, those of the dialect.</param>
internal sealed record RefusalBody(
    int StatusCode,
    string ContentType,
    ReadOnlyMemory<byte> Body,
    IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Renders a refusal.</summary>
    /// <param name="call">What the caller is told, and of which call.</param>
    /// <param name="dialect">The dialect of the call, or null for problem+json (RFC 9457).</param>
    /// <param name="asCompletion">Whether policy blocks are answered with a completion that refuses (<c>deny_with</c>). Dialects without one get
    /// their error.</param>
    public static RefusalBody Render(RefusedCall call, string? dialect, bool asCompletion)
    {
        var spoken = DialectRegistry.Find(dialect);
        if (asCompletion && call.Refusal.IsPolicyBlock && spoken?.Completion(call) is { } completion)
        {
            return new RefusalBody(200, completion.ContentType, completion.Body, completion.Headers);
        }

        var error = spoken?.Error(call) ?? ProblemDetails.Of(call);
        var grpc = call.IsGrpc ? GrpcStatus.HeadersOf(call.Refusal) : [];
        return new RefusalBody(call.Refusal.StatusCode, error.ContentType, error.Body, [.. HeadersOf(call.Refusal), .. error.Headers, .. grpc]);
    }

    private static List<KeyValuePair<string, string>> HeadersOf(Refusal refusal)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (refusal.RetryAfter is { } after)
        {
            // Whole seconds, rounded up: a caller who comes back early is refused again.
            headers.Add(new("Retry-After", Math.Max(0, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));
        }

        if (refusal.StatusCode != 429 && refusal.RetryAfter is null)
        {
            // The SDKs of OpenAI and Anthropic retry 408, 409 and 5xx unless told otherwise. A judge that is down has been asked again already,
            // within its own deadline: each retry would wait for all of that once more, and count against the caller's limits.
            headers.Add(new("x-should-retry", "false"));
        }

        return headers;
    }
}

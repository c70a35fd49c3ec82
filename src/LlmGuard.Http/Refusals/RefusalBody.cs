namespace LlmGuard.Http.Refusals;

/// <summary>A refusal in the caller's dialect, so that SDKs raise their normal exception or see a normal refusal.</summary>
/// <param name="StatusCode">The status.</param>
/// <param name="ContentType">The content type.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">Further headers: Retry-After, x-should-retry.</param>
internal sealed record RefusalBody(
    int StatusCode,
    string ContentType,
    ReadOnlyMemory<byte> Body,
    IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Renders a refusal.</summary>
    /// <param name="refusal">What the caller is told.</param>
    /// <param name="dialect">The dialect of the call, or null for problem+json (RFC 9457).</param>
    /// <param name="asCompletion">Whether policy blocks are answered with a completion that refuses (<c>deny_with</c>).</param>
    /// <param name="isStreaming">Whether the request asked for a stream, which such a completion then is.</param>
    /// <param name="model">The model the request names, echoed in a completion.</param>
    /// <param name="callId">The call's id.</param>
    public static RefusalBody Render(Refusal refusal, string? dialect, bool asCompletion, bool isStreaming, string? model, string callId) =>
        throw new NotSupportedException();
}

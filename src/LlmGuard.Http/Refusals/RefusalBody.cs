using System.Buffers;
using System.Globalization;
using System.Text.Json;

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
    private const string Json = "application/json";

    /// <summary>Renders a refusal.</summary>
    /// <param name="refusal">What the caller is told.</param>
    /// <param name="dialect">The dialect of the call, or null for problem+json (RFC 9457).</param>
    /// <param name="asCompletion">Whether policy blocks are answered with a completion that refuses (<c>deny_with</c>). Dialects without one get their error.</param>
    /// <param name="isStreaming">Whether the request asked for a stream, which such a completion then is.</param>
    /// <param name="model">The model the request names, echoed in a completion.</param>
    /// <param name="callId">The call's id.</param>
    public static RefusalBody Render(Refusal refusal, string? dialect, bool asCompletion, bool isStreaming, string? model, string callId)
    {
        if (asCompletion && refusal.IsPolicyBlock && RefusalCompletion.For(dialect, isStreaming, refusal.Message, model ?? "", callId) is { } completion)
        {
            return new RefusalBody(200, isStreaming ? "text/event-stream" : Json, completion, []);
        }

        var write = RefusalError.For(dialect);
        return new RefusalBody(
            refusal.StatusCode,
            write is null ? "application/problem+json" : Json,
            Written(writer => (write ?? RefusalError.WriteProblem)(writer, refusal, callId)),
            HeadersOf(refusal));
    }

    internal static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static List<KeyValuePair<string, string>> HeadersOf(Refusal refusal)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (refusal.RetryAfter is { } after)
        {
            // Whole seconds, rounded up: a caller who comes back early is refused again.
            headers.Add(new("Retry-After", Math.Max(0, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));
        }

        if (refusal.StatusCode is not (429 or 503))
        {
            // The OpenAI and Anthropic SDKs retry 408, 409 and 5xx unless told otherwise.
            headers.Add(new("x-should-retry", "false"));
        }

        return headers;
    }
}

using System.Globalization;

namespace LlmGuard.Plugins.RequestSizeLimiter;

/// <summary>A limit that a request passes.</summary>
/// <param name="Rule">The setting that holds the limit.</param>
/// <param name="Reason">Why, as a code.</param>
/// <param name="StatusCode">HTTP status.</param>
/// <param name="Message">Text for the caller: sizes only.</param>
internal sealed record SizeExcess(string Rule, string Reason, int StatusCode, string Message)
{
    private static readonly SizeExcess NoContentLength =
        new("require_content_length", "content_length_required", 411, "Content-Length header is required.");

    /// <summary>The first limit that a body passes, or null. Numbers of a body that was not read to its end are lower bounds.</summary>
    public static SizeExcess? Find(SizeLimits limits, in BodyMetrics body)
    {
        if (limits.RequiresContentLength && body is { HasBody: true, ContentLength: null })
        {
            return NoContentLength;
        }

        // Reading stops at the smallest limit there is, so a body that was cut at this one has passed it.
        var isCut = body is { IsTruncated: true, IsTooDeep: false };
        var bytes = Bytes(body);
        if (bytes > limits.Bytes || (isCut && bytes == limits.Bytes))
        {
            return TooLarge("allowed_payload_size", "too_many_bytes", bytes, limits.Bytes, "bytes");
        }

        // A depth of zero in a body that is too deep is one that was not counted.
        if (limits.JsonDepth is { } depth && (body.JsonDepth > depth || (body.IsTooDeep && (body.JsonDepth == depth || body.JsonDepth == 0))))
        {
            return TooLarge("max_json_depth", "too_deep", Math.Max(body.JsonDepth, depth), depth, "levels of JSON nesting");
        }

        if (limits.Characters is { } characters && body.Characters > characters)
        {
            return TooLarge("max_chars_per_request", "too_many_characters", body.Characters, characters, "characters");
        }

        return limits.Messages is { } messages && body.Messages > messages
            ? TooLarge("max_messages", "too_many_messages", body.Messages, messages, "messages")
            : null;
    }

    /// <summary>The size of a body as far as it is known: stated, received or decoded, whichever is most.</summary>
    public static long Bytes(in BodyMetrics body) => Math.Max(body.ContentLength ?? 0, Math.Max(body.WireBytes, body.DecodedBytes));

    private static SizeExcess TooLarge(string rule, string reason, long received, long limit, string unit) => new(
        rule,
        reason,
        413,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The request has {(received > limit ? "" : "more than ")}{received} {unit}; the limit is {limit}."));
}

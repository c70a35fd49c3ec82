using LlmGuard.Http.Json;
using LlmGuard.Planning;

namespace LlmGuard.Http.Wire.Bodies;

/// <summary>What the readers of one message share: the segments so far, the limits, and which way the message goes.</summary>
internal readonly record struct BodyReading
{
    public required GuardrailContentBuilder Builder { get; init; }

    public required PlanLimits Limits { get; init; }

    public required bool IsResponse { get; init; }

    // What this thread has read last was most often read the same way, and one way of reading holds nothing of what is read.
    [ThreadStatic]
    private static JsonReadOptions? _asked;

    [ThreadStatic]
    private static JsonReadOptions? _answered;

    /// <summary>Whether there are more segments than the policy allows.</summary>
    public bool HasTooManySegments => Builder.Count > Limits.MaxSegments;

    /// <summary>How a JSON text of this message is read.</summary>
    /// <param name="dialect">Its dialect, or null.</param>
    public JsonReadOptions Json(string? dialect)
    {
        ref var last = ref IsResponse ? ref _answered : ref _asked;
        return last is { } same && ReferenceEquals(same.Limits, Limits) && same.Dialect == dialect ? same : last = new JsonReadOptions
        {
            Direction = IsResponse ? JsonDirection.Response : JsonDirection.Request,
            Dialect = dialect,
            Limits = Limits,
        };
    }
}

/// <summary>A body that was read, or why it cannot be.</summary>
internal readonly record struct BodyReadResult(ReadBody? Body, string? Reason, int StatusCode)
{
    /// <summary>What the sender is told of it: half a sentence without content; null for what the reason says already.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether the limit that was passed is the one on JSON nesting.</summary>
    public bool IsTooDeep { get; init; }

    public static BodyReadResult Malformed => new(null, FailureReasons.Undecodable, 400);

    /// <summary>A body that is not what it should be.</summary>
    /// <param name="detail">What is wrong with it: half a sentence about the request, without content.</param>
    public static BodyReadResult MalformedAs(string detail) => Malformed with { Detail = detail };

    public static BodyReadResult TooLarge => new(null, FailureReasons.LimitExceeded, 413);

    public static BodyReadResult UnsupportedCharset => new(null, FailureReasons.UnsupportedEncoding, 415);

    public static BodyReadResult Read(ReadBody body) => new(body, null, 200);

    public static BodyReadResult Unreadable(in JsonReadResult json) =>
        new(null, json.Failure?.Reason ?? FailureReasons.Undecodable, json.StatusCode)
        {
            Detail = json.Detail,
            IsTooDeep = json.IsTooDeep,
        };
}

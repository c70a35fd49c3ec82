namespace LlmGuard.Http.Wire;

/// <summary>A message, or why it cannot be read.</summary>
/// <param name="Message">The message; null when it cannot be read.</param>
/// <param name="Failure">Why not.</param>
/// <param name="StatusCode">Status of a refusal: 400 malformed, 413 too large or too deep, 415 encoding or charset; on a response always 502.</param>
internal readonly record struct WireReadResult(WireMessage? Message, GuardrailFailure? Failure, int StatusCode)
{
    /// <summary>What the sender of a request is told beside that; null for nothing in particular.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether it cannot be read because JSON in it is nested too deeply.</summary>
    public bool IsTooDeep { get; init; }

    public static WireReadResult Read(WireMessage message) => new(message, null, 200);

    public static WireReadResult Unreadable(FailureClass failureClass, string reason, int statusCode) =>
        new(null, new GuardrailFailure(failureClass, reason), statusCode);
}

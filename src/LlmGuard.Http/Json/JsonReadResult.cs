namespace LlmGuard.Http.Json;

/// <summary>A JSON text that was read, or why it cannot be.</summary>
/// <param name="Body">The text; null when it cannot be read.</param>
/// <param name="Failure">Why not. Its class is input for requests and output for answers.</param>
/// <param name="StatusCode">200; 400 malformed; 413 too deep or too many segments.</param>
internal readonly record struct JsonReadResult(JsonBody? Body, GuardrailFailure? Failure, int StatusCode)
{
    /// <summary>What the sender of a request is told beside that; null for answers.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether the nesting passed the limit.</summary>
    public bool IsTooDeep { get; init; }
}

namespace LlmGuard.Http.Refusals;

/// <summary>A call that is refused, with what its dialect needs to word the answer.</summary>
internal sealed record RefusedCall
{
    public required Refusal Refusal { get; init; }

    /// <summary>The call's id, which becomes the answer's where it has one.</summary>
    public required string CallId { get; init; }

    /// <summary>The model as the request names it; empty when it names none.</summary>
    public string Model { get; init; } = "";

    /// <summary>Whether the request asked for a stream.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>The path as sent, percent-encoded.</summary>
    public string RawPath { get; init; } = "/";

    /// <summary>The query as sent, with its <c>?</c>, or empty.</summary>
    public string RawQuery { get; init; } = "";

    /// <summary>
    /// What the answer repeats of the request so that the caller knows which one it is to, as raw JSON: the id of a JSON-RPC call. Null for none.
    /// </summary>
    public string? ReplyTo { get; init; }

    /// <summary>Whether the caller speaks gRPC, and so looks for a status of that.</summary>
    public bool IsGrpc { get; init; }

    public string Message => Refusal.Message;
}

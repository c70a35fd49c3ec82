using LlmGuard.Http.Dialects;

namespace LlmGuard.Http.Wire;

/// <summary>A message that has been read: its segments, and the way back from edits to bytes.</summary>
internal abstract class WireMessage
{
    /// <summary>The dialect it was read as, or null.</summary>
    public string? Dialect { get; init; }

    /// <summary>The model it names, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it asks for a stream.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>
    /// Whether the request makes the provider keep state or act on its own (<c>store</c>, <c>conversation</c>, background, server tools).
    /// </summary>
    public bool CreatesServerState { get; init; }

    /// <summary>Deepest nesting of a JSON body.</summary>
    public int JsonDepth { get; init; }

    /// <summary>Messages or input items.</summary>
    public int Messages { get; init; }

    /// <summary>Whether the request asks that a stream report usage, where that has to be asked for.</summary>
    public bool AsksForUsage { get; init; }

    /// <summary>How much answer a request asks for.</summary>
    public AnswerSize Asks { get; init; } = AnswerSize.Unstated;

    /// <summary>The conversation that the provider keeps and the request names, or null.</summary>
    public string? Conversation { get; init; }

    /// <summary>Token usage a response reports, or null.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>What an answer to the request must repeat of it, as raw JSON, or null.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>All segments: body, and headers, path and query where they were asked for.</summary>
    public required GuardrailContent Content { get; init; }

    /// <summary>Carries out a decision.</summary>
    /// <param name="edits">Edits of <see cref="Content"/>, ascending and never overlapping.</param>
    /// <param name="changes">Request changes; empty on a response.</param>
    /// <returns>The new message, or a failure (<see cref="FailureReasons.MaskNotApplicable"/>).</returns>
    public abstract WireRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes);
}

/// <summary>A message after a decision has been carried out.</summary>
internal sealed record WireRewrite
{
    /// <summary>Why it could not be carried out; everything else is then meaningless.</summary>
    public GuardrailFailure? Failure { get; init; }

    /// <summary>The new body, or null when the body stays as it was.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Headers to set (a null value removes), or empty.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Headers { get; init; } = [];

    /// <summary>The new raw path, or null when it stays.</summary>
    public string? RawPath { get; init; }

    /// <summary>The new raw query with its leading <c>?</c>, or null when it stays.</summary>
    public string? RawQuery { get; init; }
}

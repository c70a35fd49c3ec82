namespace LlmGuard.Http.Json;

/// <summary>A JSON text that was read: what it says about the call, and the way back from edits to bytes.</summary>
internal sealed class JsonBody
{
    /// <summary>The model it names, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it asks for a stream.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>Whether the request makes the provider keep state or act on its own.</summary>
    public bool CreatesServerState { get; init; }

    /// <summary>Deepest nesting; 1 is a flat object.</summary>
    public int Depth { get; init; }

    /// <summary>Messages as the dialect counts them.</summary>
    public int Messages { get; init; }

    /// <summary>Token usage it reports, or null.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Index of the first segment that came from it.</summary>
    public int FirstSegment { get; init; }

    /// <summary>Number of segments that came from it; they follow each other.</summary>
    public int SegmentCount { get; init; }

    /// <summary>Carries out edits and changes. Edits of segments that came from elsewhere are skipped.</summary>
    /// <param name="edits">Edits of the content, ascending and never overlapping.</param>
    /// <param name="changes">Request changes; headers and query values are the caller's business and skipped.</param>
    public JsonRewrite Rewrite(IReadOnlyList<TextEdit> edits, IReadOnlyList<RequestChange> changes) => throw new NotSupportedException();
}

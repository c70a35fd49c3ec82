namespace LlmGuard;

/// <summary>What a segment is within its call. Open and string-backed, like <see cref="SegmentRole"/>.</summary>
/// <remarks>A kind that is not one of the known ones satisfies every <c>kinds</c> filter of a policy.</remarks>
/// <param name="Value">The kind in lower case; empty or null means <see cref="Unknown"/>.</param>
public readonly record struct SegmentKind(string Value)
{
    /// <summary>Text of a message.</summary>
    public static SegmentKind Message { get; } = new("message");

    /// <summary>The name, arguments or input of a tool call.</summary>
    public static SegmentKind ToolCall { get; } = new("tool_call");

    /// <summary>What a tool returned.</summary>
    public static SegmentKind ToolResult { get; } = new("tool_result");

    /// <summary>The description or schema of a tool or of an output format.</summary>
    public static SegmentKind ToolDefinition { get; } = new("tool_definition");

    /// <summary>Reasoning ("thinking") of the model.</summary>
    public static SegmentKind Reasoning { get; } = new("reasoning");

    /// <summary>A refusal by the model.</summary>
    public static SegmentKind Refusal { get; } = new("refusal");

    /// <summary>A document given as context: a file's text, a search result, a citation's source.</summary>
    public static SegmentKind Document { get; } = new("document");

    /// <summary>The text of an error object.</summary>
    public static SegmentKind Error { get; } = new("error");

    /// <summary>A JSON property name chosen by the sender. May cause a block, is never edited.</summary>
    public static SegmentKind Key { get; } = new("key");

    /// <summary>The value of an HTTP header or trailer.</summary>
    public static SegmentKind Header { get; } = new("header");

    /// <summary>The decoded path of a URL.</summary>
    public static SegmentKind Path { get; } = new("path");

    /// <summary>A decoded query pair of a URL.</summary>
    public static SegmentKind Query { get; } = new("query");

    /// <summary>Fields about the call rather than of the conversation: user identifiers, metadata, stop sequences.</summary>
    public static SegmentKind Metadata { get; } = new("metadata");

    /// <summary>Text in a place no dialect describes. Satisfies every filter.</summary>
    public static SegmentKind Unknown { get; } = new("unknown");

    /// <summary>The kind in lower case. Never null or empty.</summary>
    /// <remarks>Stored as null when unknown, so that the default value of this type equals <see cref="Unknown"/>.</remarks>
    public string Value { get => field ?? "unknown"; } = string.IsNullOrEmpty(Value) || Value == "unknown" ? null : Value;

    /// <summary>Whether this is one of the kinds a policy can name; <see cref="Unknown"/> is not.</summary>
    public bool IsKnown => Value is "message" or "tool_call" or "tool_result" or "tool_definition" or "reasoning" or "refusal" or "document"
        or "error" or "key" or "header" or "path" or "query" or "metadata";

    /// <inheritdoc/>
    public override string ToString() => IsKnown ? Value : "unknown";
}

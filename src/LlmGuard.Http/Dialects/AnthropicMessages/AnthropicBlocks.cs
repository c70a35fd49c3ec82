using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.AnthropicMessages;

/// <summary>Content blocks, which requests, answers and stream events share.</summary>
internal static class AnthropicBlocks
{
    public static Place CacheControl { get; } = Expect.Object(("type", Expect.Word("ephemeral")), ("ttl", Expect.Word("5m", "1h")));

    /// <summary>Where a call to a tool came from.</summary>
    private static readonly Place Caller = Expect.Object(
        ("type", Expect.Word("direct", "code_execution_20250825", "code_execution_20260120")), ("tool_id", Expect.Id));

    public static Place Citation { get; } = Expect.Object(
        ("type", Expect.Word("char_location", "page_location", "content_block_location", "web_search_result_location", "search_result_location")),
        ("cited_text", Document()),
        ("document_title", Document()),
        ("title", Document()),
        ("url", Document()),
        ("source", Document()),
        ("file_id", Expect.Id),
        ("encrypted_index", Expect.Encrypted),
        ("document_index", Expect.Scalar),
        ("search_result_index", Expect.Scalar),
        ("start_char_index", Expect.Scalar),
        ("end_char_index", Expect.Scalar),
        ("start_page_number", Expect.Scalar),
        ("end_page_number", Expect.Scalar),
        ("start_block_index", Expect.Scalar),
        ("end_block_index", Expect.Scalar));

    private static readonly Place TextBlock = Expect.Object(
        ("type", Expect.Ignored), ("text", Expect.Part),
        ("citations", Expect.OneOf(Expect.Unknown, Expect.Array(Citation))), ("cache_control", CacheControl));

    private static readonly Place Thinking = Expect.Object(
        (walk, token, context) => context with
        {
            Kind = SegmentKind.Reasoning,
            Editability = walk.IsPresent(walk.Find(token, "signature"u8)) && !walk.IsEmptyString(walk.Find(token, "signature"u8))
                ? Editability.Signed
                : Editability.Span,
        },
        ("type", Expect.Ignored),
        ("thinking", Expect.Plain),
        ("signature", Expect.Encrypted));

    private static readonly Place ToolUse = Expect.Object(
        (walk, token, context) => context with { Kind = SegmentKind.ToolCall, Name = walk.String(walk.Find(token, "name"u8)) },
        ("type", Expect.Ignored),
        ("id", Expect.Id),
        ("name", Expect.Plain),
        ("server_name", Expect.Plain),
        ("input", Expect.Tree(SegmentKind.ToolCall)),
        ("caller", Caller),
        ("cache_control", CacheControl));

    private static readonly Place BrowserState = Expect.Object(("type", Expect.Ignored), ("tabs", Expect.Tree(SegmentKind.ToolResult)));

    /// <summary>A document or search result; inside a tool result it is part of that.</summary>
    private static readonly Place SearchResult = Expect.Object(
        ("type", Expect.Ignored),
        ("title", Document()),
        ("source", Document()),
        ("content", Expect.OneOf(Document(), Expect.Parts(AsDocument(TextBlock), PositionAxis.None))),
        ("citations", Expect.Object(("enabled", Expect.Scalar))),
        ("cache_control", CacheControl));

    /// <summary>Any block. One of an unknown type is walked, its text joined with the others'.</summary>
    public static Place Block { get; } = Expect.OneOf(Expect.Part, item: Expect.Union(
        Expect.Object(("text", Expect.In((_, _, c) => c with { Kind = SegmentKind.Unknown }, Expect.Part))),
        ("text", TextBlock),
        ("thinking", Thinking),
        ("redacted_thinking", Expect.In((_, _, c) => c with { Kind = SegmentKind.Reasoning },
            Expect.Object(("type", Expect.Ignored), ("data", Expect.Encrypted)))),
        ("tool_use", ToolUse),
        ("server_tool_use", ToolUse),
        ("mcp_tool_use", ToolUse),
        ("tool_result", ToolResult(Nested(static () => Block!))),
        ("mcp_tool_result", ToolResult(Nested(static () => Block!))),
        ("web_search_tool_result", ToolResult(ServerResult())),
        ("web_fetch_tool_result", ToolResult(ServerResult())),
        ("code_execution_tool_result", ToolResult(ServerResult())),
        ("bash_code_execution_tool_result", ToolResult(ServerResult())),
        ("text_editor_code_execution_tool_result", ToolResult(ServerResult())),
        ("tool_search_tool_result", ToolResult(ServerResult())),
        ("browser_state", BrowserState),
        ("image", Expect.Object(("type", Expect.Ignored), ("source", Source(UninspectedKind.Image)), ("cache_control", CacheControl))),
        ("document", Expect.Object(
            ("type", Expect.Ignored),
            ("source", Source(UninspectedKind.File)),
            ("title", Document()),
            ("context", Document()),
            ("citations", Expect.Object(("enabled", Expect.Scalar))),
            ("cache_control", CacheControl))),
        ("search_result", SearchResult),
        ("code_execution_output", Expect.Object(("type", Expect.Ignored), ("file_id", Expect.FileId))),
        ("bash_code_execution_output", Expect.Object(("type", Expect.Ignored), ("file_id", Expect.FileId))),
        ("container_upload", Expect.Object(("type", Expect.Ignored), ("file_id", Expect.FileId)))));

    /// <summary>Content that is a text or a list of blocks.</summary>
    public static Place Content(PositionAxis axis) => Expect.OneOf(Expect.Part, Expect.Parts(Block, axis));

    private static Place Source(UninspectedKind kind) => Expect.Union(
        Expect.Unknown,
        ("base64", new MediaObjectPlace(
            kind,
            (walk, token) => walk.String(walk.Find(token, "mediatype"u8)),
            "data",
            Expect.Object(("type", Expect.Ignored), ("media_type", Expect.Id), ("data", Expect.Ignored)))),
        ("text", Expect.Object(("type", Expect.Ignored), ("media_type", Expect.Word("text/plain")), ("data", Document()))),
        ("content", Expect.Object(("type", Expect.Ignored), ("content", AsDocument(Nested(static () => Block!))))),
        ("url", Expect.Object(("type", Expect.Ignored), ("url", Expect.Url(kind)))),
        ("file", Expect.Object(("type", Expect.Ignored), ("file_id", new IdentifierPlace(null, kind)))));

    private static Place ToolResult(Place content) => Expect.Object(
        (_, _, context) => context with { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult, Join = -1 },
        ("type", Expect.Ignored),
        ("tool_use_id", Expect.Id),
        ("is_error", Expect.Scalar),
        ("content", content),
        ("caller", Caller),
        ("cache_control", CacheControl));

    /// <summary>What tools of the provider return: every text of it, except what only the provider can decrypt.</summary>
    private static OneOfPlace ServerResult()
    {
        var item = Expect.Object(
            Expect.Tree(SegmentKind.ToolResult),
            ("type", Expect.Ignored),
            ("encrypted_content", Expect.Encrypted),
            ("encrypted_stdout", Expect.Encrypted),
            ("encrypted_index", Expect.Encrypted),
            ("title", Expect.Plain),
            ("url", Expect.Plain),
            ("page_age", Expect.Plain),
            ("retrieved_at", Expect.Plain),
            ("error_code", Expect.Plain),
            ("stdout", Expect.Plain),
            ("stderr", Expect.Plain),
            ("return_code", Expect.Scalar),
            ("file_type", Expect.Plain),
            ("lines", Expect.OneOf(Expect.Plain, Expect.Array(Expect.Plain))),
            ("content", Expect.OneOf(
                Expect.Plain,
                Expect.Array(Expect.OneOf(Expect.Plain, item: new DeferredPlace(static () => Block!))),
                new DeferredPlace(static () => Block!))));
        return new OneOfPlace(Expect.Plain, Expect.Array(item), item);
    }

    private static OneOfPlace Nested(Func<Place> block) =>
        new(Expect.Plain, Expect.Parts(new DeferredPlace(block), PositionAxis.None), new DeferredPlace(block));

    private static ContextPlace Document() => AsDocument(Expect.Plain);

    private static ContextPlace AsDocument(Place place) => new(
        (_, _, context) => context.Kind == SegmentKind.ToolResult ? context : context with { Kind = SegmentKind.Document }, place);
}

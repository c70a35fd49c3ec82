using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Mcp;

/// <summary>Where the texts of a request's or notification's parameters are, by its method.</summary>
internal static class McpParams
{
    private static readonly Place Meta = Expect.Tree(SegmentKind.Metadata);

    private static readonly Place Definitions = Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Tree(SegmentKind.ToolDefinition));

    /// <summary>Every method whose parameters have a place, and that place.</summary>
    public static IReadOnlyList<(string Method, Place Params)> ByMethod { get; } =
    [
        ("tools/call", Of(
            SegmentRole.Assistant,
            SegmentKind.ToolCall,
            ("name", Expect.Id),
            ("arguments", Expect.Tree(SegmentKind.ToolCall)),
            ("inputResponses", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Tree(SegmentKind.Message))),
            ("requestState", Expect.ServerState),
            ("task", Meta))),
        ("prompts/get", Of(
            SegmentRole.User, SegmentKind.Message, ("name", Expect.Id), ("arguments", Expect.OneOf(Expect.Plain, item: Expect.Map(Expect.Plain))))),
        ("resources/read", Of(SegmentRole.Assistant, SegmentKind.ToolCall, ("uri", Expect.Plain))),
        ("resources/subscribe", Of(SegmentRole.Assistant, SegmentKind.ToolCall, ("uri", Expect.Plain))),
        ("resources/unsubscribe", Of(SegmentRole.Assistant, SegmentKind.ToolCall, ("uri", Expect.Plain))),
        ("completion/complete", Of(
            SegmentRole.User,
            SegmentKind.Message,
            ("ref", Meta),
            ("argument", Expect.Object(("name", Expect.Id), ("value", Expect.Plain))),
            ("context", Expect.Object(("arguments", Expect.Map(Expect.Plain)))))),
        ("sampling/createMessage", Of(
            SegmentRole.User,
            SegmentKind.Message,
            ("systemPrompt", Expect.As(SegmentRole.System, SegmentKind.Message, Expect.Plain)),
            ("messages", Expect.Array(McpContent.Message, PositionAxis.Message)),
            ("tools", Definitions),
            ("toolChoice", Meta),
            ("modelPreferences", Meta),
            ("stopSequences", Meta),
            ("metadata", Meta),
            ("includeContext", Expect.Word("none", "thisServer", "allServers")),
            ("maxTokens", Expect.Scalar),
            ("temperature", Expect.Scalar))),
        ("elicitation/create", Of(
            SegmentRole.Tool,
            SegmentKind.ToolResult,
            ("mode", Expect.Word("form", "url")),
            ("message", Expect.Plain),
            ("requestedSchema", Expect.Tree(SegmentKind.ToolResult)),
            ("url", Expect.Plain),
            ("elicitationId", Expect.Id))),
        ("initialize", Of(SegmentRole.Unknown, SegmentKind.Metadata, ("protocolVersion", Expect.Id), ("clientInfo", Meta), ("capabilities", Meta))),
        ("notifications/message", Of(
            SegmentRole.Tool,
            SegmentKind.ToolResult,
            ("level", Expect.Word("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")),
            ("logger", Expect.Plain),
            ("data", Expect.Tree(SegmentKind.ToolResult)))),
        ("notifications/progress", Of(
            SegmentRole.Tool,
            SegmentKind.ToolResult,
            ("progressToken", Expect.Id),
            ("progress", Expect.Scalar),
            ("total", Expect.Scalar),
            ("message", Expect.Plain))),
        ("notifications/cancelled", Of(SegmentRole.Tool, SegmentKind.ToolResult, ("requestId", Expect.Id), ("reason", Expect.Plain))),
    ];

    /// <summary>The parameters of any other method: walked, apart from what all have.</summary>
    public static Place Other { get; } = Expect.OneOf(Expect.Unknown, item: Expect.Object(("_meta", Meta), ("cursor", Expect.Id)));

    private static Place Of(SegmentRole role, SegmentKind kind, params (string, Place)[] members) =>
        Expect.As(role, kind, Expect.OneOf(Expect.Unknown, item: Expect.Object([.. members, ("_meta", Meta)])));
}

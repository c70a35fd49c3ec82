using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>Where the texts of a request of the first version are.</summary>
internal static class CohereFirstChatRequest
{
    public static Place ToolCalls { get; } = Expect.OneOf(Expect.Unknown, Expect.Array(Expect.Object(
        (walk, token, context) => context with { Kind = SegmentKind.ToolCall, Join = -1, Name = walk.String(walk.Find(token, "name"u8)) },
        ("name", Expect.Plain),
        ("parameters", Expect.Tree(SegmentKind.ToolCall)),
        ("generation_id", Expect.Id))));

    public static Place Documents { get; } = Expect.OneOf(Expect.Unknown, Expect.Array(Expect.Tree(SegmentKind.Document)));

    private static readonly Place ToolResults =
        Expect.OneOf(Expect.Unknown, Expect.As(SegmentRole.Tool, SegmentKind.ToolResult, Expect.Array(Expect.Object(
        ("call", Expect.Tree(SegmentKind.ToolCall)), ("outputs", Expect.Tree(SegmentKind.ToolResult))))));

    private static readonly Place Message = Expect.Object(
        (walk, token, context) => context with { Role = OfTurn(walk, token), Kind = SegmentKind.Message, Scope = walk.NewScope() },
        ("role", Expect.Word("USER", "CHATBOT", "SYSTEM", "TOOL", "User", "Chatbot", "System", "Tool", "user", "chatbot", "system", "tool")),
        ("message", Expect.Plain),
        ("tool_calls", ToolCalls),
        ("tool_results", ToolResults));

    public static Place History { get; } = Expect.OneOf(Expect.Unknown, Expect.Array(Message, PositionAxis.Message));

    // The token of a connector is a credential: never a segment.
    private static readonly Place Connector = Expect.Object(
        ("id", Expect.ServerState),
        ("user_access_token", Expect.Ignored),
        ("continue_on_failure", Expect.Scalar),
        ("options", Expect.Tree(SegmentKind.Metadata)));

    public static Place Root { get; } = Expect.Object(
        ("model", Expect.Id),
        ("message", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain)),
        ("preamble", Expect.As(SegmentRole.System, SegmentKind.Message, Expect.Plain)),
        ("preamble_override", Expect.As(SegmentRole.System, SegmentKind.Message, Expect.Plain)),
        ("chat_history", History),
        ("conversation_id", Expect.ServerState),
        ("connectors", Expect.OneOf(Expect.Unknown, Expect.Array(Connector))),
        ("documents", Expect.As(SegmentRole.User, SegmentKind.Document, Documents)),
        ("tools", Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.OneOf(Expect.Plain, Expect.Array(Expect.In(
            (walk, token, context) => context with { Name = walk.String(walk.Find(token, "name"u8)) }, Expect.Tree(SegmentKind.ToolDefinition)))))),
        ("tool_results", ToolResults),
        ("response_format", Expect.As(SegmentRole.System, SegmentKind.ToolDefinition, Expect.Object(
            ("type", Expect.Word("text", "json_object")),
            ("schema", Expect.Tree(SegmentKind.ToolDefinition)),
            ("json_schema", Expect.Tree(SegmentKind.ToolDefinition))))),
        ("stop_sequences", Expect.OneOf(Expect.Plain, Expect.Array(Expect.Text(SegmentKind.Metadata)))),
        ("prompt_truncation", Expect.Word("AUTO", "AUTO_PRESERVE_ORDER", "OFF")),
        ("citation_quality", Expect.Word("fast", "accurate", "off", "enabled", "disabled")),
        ("citation_options", Expect.Tree(SegmentKind.Metadata)),
        ("safety_mode", Expect.Word("CONTEXTUAL", "STRICT", "NONE")),
        ("stream", Expect.Scalar),
        ("search_queries_only", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("max_tokens", Expect.Scalar),
        ("max_input_tokens", Expect.Scalar),
        ("k", Expect.Scalar),
        ("p", Expect.Scalar),
        ("seed", Expect.Scalar),
        ("frequency_penalty", Expect.Scalar),
        ("presence_penalty", Expect.Scalar),
        ("raw_prompting", Expect.Scalar),
        ("return_prompt", Expect.Scalar),
        ("return_prompts", Expect.Scalar),
        ("return_preamble", Expect.Scalar),
        ("force_single_step", Expect.Scalar));

    private static SegmentRole OfTurn(JsonWalk walk, int token) => walk.String(walk.Find(token, "role"u8))?.ToUpperInvariant() switch
    {
        "USER" => SegmentRole.User,
        "CHATBOT" => SegmentRole.Assistant,
        "SYSTEM" => SegmentRole.System,
        "TOOL" => SegmentRole.Tool,
        null => SegmentRole.Unknown,
        var other => new SegmentRole(other.ToLowerInvariant()),
    };
}

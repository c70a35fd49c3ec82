using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.AnthropicMessages;

/// <summary>Where the texts of a request are.</summary>
internal static class AnthropicRequest
{
    private static readonly Place Metadata = Expect.Text(SegmentKind.Metadata);

    private static readonly Place Message = Expect.Object(
        (walk, token, context) => context with
        {
            Role = RoleOf.Of(walk, token),
            Kind = SegmentKind.Message,
            Scope = walk.NewScope(),
        },
        ("role", Expect.Word(RoleOf.Words)),
        ("content", AnthropicBlocks.Content(PositionAxis.Part)));

    private static readonly Place Tool = Expect.In(
        (walk, token, context) => context with { Name = walk.String(walk.Find(token, "name"u8)) },
        Expect.Object(
            Expect.Tree(SegmentKind.ToolDefinition),
            ("name", Expect.Plain),
            ("description", Expect.Plain),
            ("type", Expect.Plain),
            ("input_schema", Expect.Tree(SegmentKind.ToolDefinition)),
            ("input_examples", Expect.Tree(SegmentKind.ToolDefinition)),
            ("cache_control", AnthropicBlocks.CacheControl),
            ("defer_loading", Expect.Scalar),
            ("strict", Expect.Scalar),
            ("max_uses", Expect.Scalar)));

    private static readonly Place Format = Expect.As(SegmentRole.System, SegmentKind.ToolDefinition, Expect.Object(
        ("type", Expect.Word("json_schema")), ("schema", Expect.Tree(SegmentKind.ToolDefinition))));

    // The token is a credential: never a segment.
    private static readonly Place McpServer = Expect.Object(
        ("type", Expect.Word("url")),
        ("url", Expect.ServerState),
        ("name", Expect.Id),
        ("authorization_token", Expect.Ignored),
        ("tool_configuration", Expect.Tree(SegmentKind.Metadata)));

    public static Place Root { get; } = Expect.Object(
        ("model", Expect.Id),
        ("messages", Expect.Array(Message, PositionAxis.Message)),
        ("system", Expect.As(SegmentRole.System, SegmentKind.Message, AnthropicBlocks.Content(PositionAxis.Part))),
        ("tools", Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Array(Tool))),
        ("tool_choice", Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Object(
            ("type", Expect.Word("auto", "any", "tool", "none")), ("name", Expect.Plain), ("disable_parallel_tool_use", Expect.Scalar)))),
        ("stop_sequences", Expect.Array(Metadata)),
        ("metadata", Expect.Object(Expect.Tree(SegmentKind.Metadata), ("user_id", Metadata))),
        ("output_config", Expect.Object(("format", Format), ("effort", Expect.Word("low", "medium", "high", "xhigh", "max")))),
        ("output_format", Format),
        ("thinking", Expect.Object(
            ("type", Expect.Word("enabled", "disabled", "adaptive")),
            ("budget_tokens", Expect.Scalar),
            ("display", Expect.Word("summarized", "omitted")))),
        ("container", Expect.ServerState),
        ("mcp_servers", Expect.Array(McpServer)),
        ("context_management", Expect.Tree(SegmentKind.Metadata)),
        ("service_tier", Expect.Word("auto", "standard_only")),
        ("cache_control", AnthropicBlocks.CacheControl),
        ("anthropic_version", Expect.Id),
        ("max_tokens", Expect.Scalar),
        ("stream", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("top_k", Expect.Scalar),
        ("top_p", Expect.Scalar));
}

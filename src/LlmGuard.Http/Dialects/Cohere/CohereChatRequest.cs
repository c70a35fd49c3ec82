using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>Where the texts of a request of the second version are.</summary>
internal static class CohereChatRequest
{
    private static readonly Place Message = Expect.Object(
        RoleOf.Message,
        ("role", Expect.Word(RoleOf.Words)),
        ("content", CohereParts.Content),
        ("tool_plan", CohereParts.ToolPlan),
        ("tool_calls", CohereParts.ToolCalls),
        ("tool_call_id", Expect.Id),
        ("citations", CohereParts.Citations));

    private static readonly Place Tool = Expect.Object(
        (walk, token, context) => context with { Name = walk.String(walk.FindPath(token, "function"u8, "name"u8)) },
        ("type", Expect.Word("function")),
        ("function", Expect.Tree(SegmentKind.ToolDefinition)));

    private static readonly Place Schema = Expect.Tree(SegmentKind.ToolDefinition);

    public static Place Root { get; } = Expect.Object(
        ("model", Expect.Id),
        ("messages", Expect.Array(Message, PositionAxis.Message)),
        ("documents", Expect.As(SegmentRole.User, SegmentKind.Document, Expect.OneOf(Expect.Plain, Expect.Array(CohereParts.Document)))),
        ("tools", Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.OneOf(Expect.Plain, Expect.Array(Tool)))),
        ("tool_choice", Expect.Word("REQUIRED", "NONE")),
        ("strict_tools", Expect.Scalar),
        ("response_format", Expect.As(SegmentRole.System, SegmentKind.ToolDefinition, Expect.Object(
            ("type", Expect.Word("text", "json_object")), ("json_schema", Schema), ("schema", Schema)))),
        ("stop_sequences", Expect.Array(Expect.Text(SegmentKind.Metadata))),
        ("citation_options", Expect.Object(("mode", Expect.Word("ENABLED", "DISABLED",
            "FAST", "ACCURATE", "OFF", "enabled", "disabled", "fast", "accurate", "off")))),
        ("thinking", Expect.Object(("type", Expect.Word("enabled", "disabled")), ("token_budget", Expect.Scalar))),
        ("safety_mode", Expect.Word("CONTEXTUAL", "STRICT", "OFF", "NONE")),
        ("stream", Expect.Scalar),
        ("max_tokens", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("seed", Expect.Scalar),
        ("frequency_penalty", Expect.Scalar),
        ("presence_penalty", Expect.Scalar),
        ("k", Expect.Scalar),
        ("p", Expect.Scalar),
        ("priority", Expect.Scalar),
        ("logprobs", Expect.Scalar),
        ("raw_prompting", Expect.Scalar));
}

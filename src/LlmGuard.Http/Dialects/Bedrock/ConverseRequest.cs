using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Where the texts of a Converse request are.</summary>
internal static class ConverseRequest
{
    private static readonly Place Message = Expect.Object(
        (walk, token, context) => context with { Role = RoleOf.Of(walk, token), Kind = SegmentKind.Message, Scope = walk.NewScope() },
        ("role", Expect.Word(RoleOf.Words)),
        ("content", ConverseBlocks.Blocks(PositionAxis.Part)));

    private static readonly Place Instructions = Expect.OneOf(Expect.Part, Expect.Parts(
        Expect.Object(("text", Expect.Part), ("guardContent", ConverseBlocks.GuardContent), ("cachePoint", ConverseBlocks.CachePoint)),
        PositionAxis.Part));

    private static readonly Place Tool = Expect.Object(
        (walk, token, context) => context with { Name = walk.String(walk.FindPath(token, "toolspec"u8, "name"u8)) },
        ("toolSpec", Expect.Tree(SegmentKind.ToolDefinition)),
        ("systemTool", Expect.Tree(SegmentKind.ToolDefinition)),
        ("cachePoint", ConverseBlocks.CachePoint));

    private static readonly Place Format = Expect.As(SegmentRole.System, SegmentKind.ToolDefinition, Expect.Object(
        ("type", Expect.Word("json_schema")),
        ("structure", Expect.Object(("jsonSchema", Expect.Object(
            ("schema", Expect.Json(SegmentKind.ToolDefinition)), ("name", Expect.Plain), ("description", Expect.Plain)))))));

    public static Place Root { get; } = Expect.Object(
        ("messages", Expect.Array(Message, PositionAxis.Message)),
        ("system", Expect.As(SegmentRole.System, SegmentKind.Message, Instructions)),
        ("inferenceConfig", Expect.Object(
            Expect.Figures(), ("stopSequences", Expect.OneOf(Expect.Unknown, Expect.Array(Expect.Text(SegmentKind.Metadata)))))),
        ("toolConfig", Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Object(
            ("tools", Expect.Array(Tool)), ("toolChoice", Expect.Tree(SegmentKind.ToolDefinition))))),
        ("guardrailConfig", Expect.Object(
            ("guardrailIdentifier", Expect.Id),
            ("guardrailVersion", Expect.Id),
            ("trace", Expect.Word("enabled", "disabled", "enabled_full")),
            ("streamProcessingMode", Expect.Word("sync", "async")))),
        ("promptVariables", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Object(rest: Expect.Object(("text", Expect.Plain))))),

        // Whatever a model's own API takes may be in here, also messages.
        ("additionalModelRequestFields", Expect.Unknown),
        ("additionalModelResponseFieldPaths", Expect.Array(Expect.Id)),
        ("requestMetadata", Expect.Tree(SegmentKind.Metadata)),
        ("performanceConfig", Expect.Object(("latency", Expect.Word("standard", "optimized")))),
        ("serviceTier", Expect.Object(("type", Expect.Word("priority", "default", "flex", "reserved")))),
        ("outputConfig", Expect.Object(("textFormat", Format), ("effort", Expect.Id))),
        ("schemaVersion", Expect.Id));
}

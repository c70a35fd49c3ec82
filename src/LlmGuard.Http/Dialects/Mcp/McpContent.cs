using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Mcp;

/// <summary>Content blocks, which tool results, prompts and sampling share.</summary>
internal static class McpContent
{
    private static readonly Place Annotations = Expect.Tree(SegmentKind.Metadata);

    /// <summary>What a resource holds: text, or base64 that may be text.</summary>
    public static Place Resource { get; } = Expect.In(
        static (_, _, context) => context.Kind == SegmentKind.ToolResult ? context : context with { Kind = SegmentKind.Document },
        new MediaObjectPlace(
            UninspectedKind.File,
            static (walk, token) => walk.String(walk.Find(token, "mimetype"u8)),
            "blob",
            Expect.Object(
                ("uri", Expect.Plain),
                ("name", Expect.Plain),
                ("title", Expect.Plain),
                ("mimeType", Expect.Id),
                ("text", Expect.Plain),
                ("blob", Expect.Ignored),
                ("annotations", Annotations),
                ("_meta", Annotations))));

    private static readonly Place Link = Expect.Object(
        ("type", Expect.Ignored),
        ("uri", Expect.Plain),
        ("name", Expect.Plain),
        ("title", Expect.Plain),
        ("description", Expect.Plain),
        ("mimeType", Expect.Id),
        ("size", Expect.Scalar),
        ("icons", Annotations),
        ("annotations", Annotations),
        ("_meta", Annotations));

    private static readonly Place ToolUse = Expect.Object(
        static (walk, token, context) => context with
        {
            Role = SegmentRole.Assistant,
            Kind = SegmentKind.ToolCall,
            Name = walk.String(walk.Find(token, "name"u8)),
        },
        ("type", Expect.Ignored),
        ("id", Expect.Id),
        ("name", Expect.Plain),
        ("input", Expect.Tree(SegmentKind.ToolCall)),
        ("_meta", Annotations));

    private static readonly Place ToolResult = Expect.Object(
        static (_, _, context) => context with { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult, Join = -1 },
        ("type", Expect.Ignored),
        ("toolUseId", Expect.Id),
        ("content", new DeferredPlace(static () => Content!)),
        ("structuredContent", Expect.Tree(SegmentKind.ToolResult)),
        ("isError", Expect.Scalar),
        ("_meta", Annotations));

    /// <summary>One block. A block of an unknown type is walked, its text joined with the others'.</summary>
    private static readonly Place Block = Expect.OneOf(Expect.Part, item: Expect.Union(
        Expect.Object(("text", Expect.In(static (_, _, c) => c with { Kind = SegmentKind.Unknown }, Expect.Part))),
        ("text", Expect.Object(("type", Expect.Ignored), ("text", Expect.Part), ("annotations", Annotations), ("_meta", Annotations))),
        ("image", Media(UninspectedKind.Image)),
        ("audio", Media(UninspectedKind.Audio)),
        ("resource", Expect.Object(("type", Expect.Ignored), ("resource", Resource), ("annotations", Annotations), ("_meta", Annotations))),
        ("resource_link", Link),
        ("tool_use", ToolUse),
        ("tool_result", ToolResult)));

    /// <summary>A block, a list of blocks, or a text from servers that skip the block.</summary>
    public static Place Content { get; } = Expect.OneOf(Expect.Plain, Expect.Parts(Block, PositionAxis.Part), Block);

    /// <summary>A message of a prompt or of sampling.</summary>
    public static Place Message { get; } = Expect.Object(
        static (walk, token, context) => context with { Role = RoleOf.Of(walk, token), Kind = SegmentKind.Message },
        ("role", Expect.Word(RoleOf.Words)),
        ("content", Content),
        ("_meta", Annotations));

    private static MediaObjectPlace Media(UninspectedKind kind) => new(
        kind,
        static (walk, token) => walk.String(walk.Find(token, "mimetype"u8)),
        "data",
        Expect.Object(("type", Expect.Ignored), ("data", Expect.Ignored),
            ("mimeType", Expect.Id), ("annotations", Annotations), ("_meta", Annotations)));
}

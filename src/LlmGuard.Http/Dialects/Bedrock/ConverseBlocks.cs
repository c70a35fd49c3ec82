using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Content blocks of Converse, which requests and answers share. Blocks have no type: the member they hold tells them apart.</summary>
internal static class ConverseBlocks
{
    private static readonly Place Plain = Expect.In(AsDocument, Expect.Plain);

    private static readonly Place CitationsSwitch = Expect.Object(("enabled", Expect.Scalar));

    public static Place CachePoint { get; } = Expect.Object(("type", Expect.Word("default")), ("ttl", Expect.Word("5m", "1h")));

    public static Place GuardContent { get; } = Expect.Object(
        ("text", Expect.OneOf(Expect.Part, item: Expect.Object(
            ("text", Expect.Part), ("qualifiers", Expect.Array(Expect.Word("grounding_source", "query", "guard_content")))))),
        ("image", new ConverseMediaPlace(UninspectedKind.Image)));

    private static readonly Place Texts = Expect.Parts(Expect.Object(("text", Expect.Part)), PositionAxis.None);

    private static readonly Place Document = Expect.In(AsDocument, new ConverseMediaPlace(
        UninspectedKind.File,
        source: [("text", Expect.Plain), ("content", Texts)],
        ("name", Expect.Plain),
        ("context", Expect.Plain),
        ("citations", CitationsSwitch)));

    private static readonly Place SearchResult = Expect.In(AsDocument, Expect.Object(
        ("title", Expect.Plain), ("source", Expect.Plain), ("content", Texts), ("citations", CitationsSwitch)));

    private static readonly Place Location = Expect.Object(
        Expect.Figures(), ("web", Expect.Object(("url", Plain), ("domain", Plain))));

    public static Place Citation { get; } = Expect.Object(
        ("title", Plain),
        ("source", Plain),
        ("sourceContent", Expect.OneOf(Expect.Unknown, Expect.Array(Expect.Object(("text", Plain))))),
        ("location", Location));

    private static readonly Place CitationsContent = Expect.Object(
        ("content", Expect.Array(Expect.Object(("text", Expect.Part)))), ("citations", Expect.Array(Citation)));

    private static readonly Place Reasoning = Expect.In((_, _, c) => c with { Kind = SegmentKind.Reasoning }, Expect.Object(
        ("reasoningText", Expect.Object(
            (walk, token, context) => IsSigned(walk, token) ? context with { Editability = Editability.Signed } : context,
            ("text", Expect.Plain),
            ("signature", Expect.Encrypted))),
        ("redactedContent", Expect.Encrypted)));

    private static readonly Place ToolUse = Expect.Object(
        (walk, token, context) => context with { Kind = SegmentKind.ToolCall, Join = -1, Name = walk.String(walk.Find(token, "name"u8)) },
        ("toolUseId", Expect.Id),
        ("name", Expect.Plain),
        ("type", Expect.Word("server_tool_use")),
        ("input", Expect.Tree(SegmentKind.ToolCall)));

    private static readonly Place ToolResult = Expect.Object(
        (_, _, context) => context with { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult, Join = -1 },
        ("toolUseId", Expect.Id),
        ("status", Expect.Word("success", "error")),
        ("type", Expect.Id),
        ("content", Expect.Parts(
            Expect.Object(
                ("text", Expect.Part),
                ("json", Expect.Tree(SegmentKind.ToolResult)),
                ("image", Media(UninspectedKind.Image)),
                ("video", Media(UninspectedKind.File)),
                ("document", Document),
                ("searchResult", SearchResult)),
            PositionAxis.None)));

    private static readonly Place ToolChange = Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Tree(SegmentKind.ToolDefinition));

    /// <summary>The blocks of a message.</summary>
    public static Place Blocks(PositionAxis axis) => Expect.OneOf(Expect.Plain, Expect.Parts(Block, axis));

    private static readonly Place Block = Expect.Object(
        ("text", Expect.Part),
        ("image", Media(UninspectedKind.Image)),
        ("video", Media(UninspectedKind.File)),
        ("audio", Media(UninspectedKind.Audio)),
        ("document", Document),
        ("toolUse", ToolUse),
        ("toolResult", ToolResult),
        ("guardContent", GuardContent),
        ("cachePoint", CachePoint),
        ("reasoningContent", Reasoning),
        ("citationsContent", CitationsContent),
        ("searchResult", SearchResult),
        ("toolAddition", ToolChange),
        ("toolRemoval", ToolChange));

    private static ConverseMediaPlace Media(UninspectedKind kind) => new(
        kind, source: [], ("error", Expect.In((_, _, c) => c with { Kind = SegmentKind.Error }, Expect.Object(("message", Expect.Plain)))));

    private static bool IsSigned(JsonWalk walk, int token)
    {
        var signature = walk.Find(token, "signature"u8);
        return walk.IsPresent(signature) && !walk.IsEmptyString(signature);
    }

    // What a tool found stays a tool's result.
    private static PlaceContext AsDocument(JsonWalk walk, int token, PlaceContext context) => context with
    {
        Kind = context.Kind == SegmentKind.ToolResult ? context.Kind : SegmentKind.Document, Join = -1,
    };
}

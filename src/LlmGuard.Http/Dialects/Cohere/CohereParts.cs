using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>What requests, answers and stream events of the second version have in common.</summary>
internal static class CohereParts
{
    /// <summary>A document: a text, or an id with any members.</summary>
    public static Place Document { get; } = Expect.In(AsDocument, Expect.OneOf(
        Expect.Plain,
        item: Expect.Object(Expect.In(AsDocument, new TreePlace(null)), ("id", Expect.Plain), ("data", new TreePlace(null)))));

    /// <summary>A citation points into the text by offsets and repeats it.</summary>
    public static Place Citation { get; } = Expect.In(AsDocument, Expect.Object(
        ("text", Expect.Plain),
        ("start", Expect.Scalar),
        ("end", Expect.Scalar),
        ("content_index", Expect.Scalar),
        ("type", Expect.Word("TEXT_CONTENT", "THINKING_CONTENT", "PLAN")),
        ("sources", Expect.Array(Expect.Object(
            ("type", Expect.Word("document", "tool")),
            ("id", Expect.Plain),
            ("document", new TreePlace(null)),
            ("tool_output", new TreePlace(null)))))));

    public static Place Citations { get; } = Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: true, Expect.Array(Citation)));

    public static Place Content { get; } =
        Expect.OneOf(Expect.Plain, Expect.Parts(Expect.OneOf(Expect.Part, item: Block(Expect.Part, Expect.Text(SegmentKind.Reasoning))),
        PositionAxis.Part));

    public static Place ToolPlan { get; } = Expect.Text(SegmentKind.Reasoning);

    public static Place ToolCalls { get; } =
        Expect.OneOf(Expect.Unknown, Expect.Array(ToolCall(Expect.Plain, Expect.Json(SegmentKind.ToolCall)), PositionAxis.Block));

    public static Place Error { get; } = Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Tree(SegmentKind.Error));

    /// <summary>Log-probabilities repeat the text token by token.</summary>
    public static Place Logprobs { get; } = Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: false), Expect.Derived(messageOnly: false));

    /// <summary>A part of a message. One of an unknown type is walked, its text joined with the others'; pieces in a stream have no type.</summary>
    public static Place Block(Place text, Place thinking) => Expect.Union(
        Expect.Object(
            (walk, token, context) => walk.Find(token, "type"u8) < 0 ? context : context with { Kind = SegmentKind.Unknown },
            ("text", text),
            ("thinking", thinking)),
        ("text", Expect.Object(("type", Expect.Ignored), ("text", text))),
        ("thinking", Expect.Object(("type", Expect.Ignored), ("thinking", thinking))),
        ("image_url", Expect.Object(("type", Expect.Ignored), ("image_url", Expect.OneOf(
            Expect.Url(UninspectedKind.Image),
            item: Expect.Object(("url", Expect.Url(UninspectedKind.Image)), ("detail", Expect.Word("auto", "low", "high"))))))),
        ("document", Expect.Object(("type", Expect.Ignored), ("document", Document))));

    public static Place ToolCall(Place name, Place arguments) => Expect.Object(
        (walk, token, context) =>
            context with { Kind = SegmentKind.ToolCall, Join = -1, Name = walk.String(walk.FindPath(token, "function"u8, "name"u8)) },
        ("id", Expect.Id),
        ("type", Expect.Word("function")),
        ("function", Expect.Object(("name", name), ("arguments", arguments))));

    // What a tool found stays a tool's result.
    private static PlaceContext AsDocument(JsonWalk walk, int token, PlaceContext context) => context with
    {
        Kind = context.Kind == SegmentKind.ToolResult ? context.Kind : SegmentKind.Document, Join = -1,
    };
}

using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.MistralChat;

/// <summary>Content chunks, which requests, answers and stream events share.</summary>
internal static class MistralParts
{
    private static readonly Place Document = Expect.Text(SegmentKind.Document);

    // Reasoning is a list of chunks; signed, it must come back as it was.
    private static readonly Place Thinking = Expect.Object(
        static (walk, token, context) => context with
        {
            Kind = SegmentKind.Reasoning,
            Editability = walk.IsPresent(walk.Find(token, "signature"u8)) ? Editability.Signed : Editability.Span,
        },
        ("type", Expect.Ignored),
        ("thinking", Expect.OneOf(Expect.Plain, Expect.Parts(new DeferredPlace(static () => Chunk!), PositionAxis.None))),
        ("signature", Expect.Encrypted),
        ("closed", Expect.Scalar));

    private static readonly Place ToolReference = Expect.Object(
        static (_, _, context) => context with { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult },
        ("type", Expect.Ignored),
        ("tool", Expect.Plain),
        ("title", Expect.Plain),
        ("url", Expect.Plain),
        ("favicon", Expect.Plain),
        ("description", Expect.Plain));

    private static readonly Place Audio = Expect.Object(
        ("type", Expect.Ignored),
        ("input_audio", Expect.OneOf(
            new MediaTextPlace(UninspectedKind.Audio),
            item: new MediaObjectPlace(UninspectedKind.Audio, static (_, _) => null, "data", Expect.Object(("data", Expect.Ignored))))));

    /// <summary>One chunk. A chunk of an unknown type is walked, its text joined with the others'.</summary>
    public static Place Chunk { get; } = Expect.OneOf(Expect.Part, item: Expect.Union(
        Expect.Object(("text", Expect.In(static (_, _, c) => c with { Kind = SegmentKind.Unknown }, Expect.Part))),
        ("text", Expect.Object(("type", Expect.Ignored), ("text", Expect.Part))),
        ("thinking", Thinking),
        ("image_url", Expect.Object(("type", Expect.Ignored), ("image_url", Expect.OneOf(
            Expect.Url(UninspectedKind.Image),
            item: Expect.Object(("url", Expect.Url(UninspectedKind.Image)), ("detail", Expect.Word("auto", "low", "high"))))))),
        ("document_url", Expect.Object(("type", Expect.Ignored), ("document_url", Expect.Url(UninspectedKind.File)), ("document_name", Document))),
        ("input_audio", Audio),
        ("file", Expect.Object(("type", Expect.Ignored), ("file_id", Expect.FileId))),
        ("reference", Expect.Object(("type", Expect.Ignored), ("reference_ids", Expect.Array(Expect.Id)))),
        ("tool_reference", ToolReference)));

    /// <summary>Content that is a text or a list of chunks.</summary>
    public static Place Content { get; } = Expect.OneOf(Expect.Plain, Expect.Parts(Chunk, PositionAxis.Part));
}

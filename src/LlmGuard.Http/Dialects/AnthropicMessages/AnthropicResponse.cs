using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.AnthropicMessages;

/// <summary>Where the texts of an answer and of its stream events are.</summary>
internal static class AnthropicResponse
{
    private static readonly Place StopReason = Expect.Word(
        "end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded", "compaction");

    private static readonly Place StopDetails = Expect.Object(
        ("type", Expect.Word("refusal")), ("explanation", Expect.Plain), ("category", Expect.Plain));

    private static readonly Place Usage = Expect.Figures("standard", "priority", "batch", "message", "global", "not_available");

    private static readonly Place Error = Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Tree(SegmentKind.Error));

    private static readonly Place Answer = OfAssistant(Expect.Object(
        ("id", Expect.Envelope("id")),
        ("type", Expect.Word("message", "error")),
        ("role", Expect.Word("assistant")),
        ("model", Expect.Envelope("model")),
        ("content", AnthropicBlocks.Content(PositionAxis.Block)),
        ("stop_reason", Expect.OneOf(StopReason)),
        ("stop_sequence", Expect.Plain),
        ("stop_details", Expect.OneOf(Expect.Plain, item: StopDetails)),
        ("usage", Usage),
        ("input_tokens", Expect.Scalar),
        ("container", Expect.Id),
        ("request_id", Expect.Id),
        ("error", Error)));

    // Tool results of the provider arrive whole in the event that starts their block.
    private static readonly Place BlockStart = Expect.StreamedAcross("text", AnthropicBlocks.Block);

    private static readonly Place Delta = Expect.Union(
        Expect.Object(("text", Expect.StreamedAcross("text", Expect.Part))),
        ("text_delta", Expect.Object(("type", Expect.Ignored), ("text", Expect.StreamedAcross("text", Expect.Part)))),
        ("input_json_delta", Expect.Object(("type", Expect.Ignored), ("partial_json", Expect.Fragment("input", SegmentKind.ToolCall)))),
        ("thinking_delta", Expect.In(
            (_, _, c) => c with { Kind = SegmentKind.Reasoning, Editability = Editability.Signed },
            Expect.Object(("type", Expect.Ignored), ("thinking", Expect.Streamed("thinking", SegmentKind.Reasoning)),
                ("estimated_tokens", Expect.Scalar)))),
        ("signature_delta", Expect.In(
            (_, _, c) => c with { Kind = SegmentKind.Reasoning },
            Expect.Object(("type", Expect.Ignored), ("signature", Expect.Encrypted)))),
        ("citations_delta", Expect.Object(("type", Expect.Ignored), ("citation", AnthropicBlocks.Citation))));

    public static Place Root => Answer;

    public static Place Event { get; } = OfAssistant(Expect.Union(
        Answer,
        ("message_start", Expect.Object(("type", Expect.Ignored), ("message", Answer))),
        ("content_block_start", Indexed(("content_block", BlockStart))),
        ("content_block_delta", Indexed(("delta", Delta))),
        ("content_block_stop", Indexed(OfEnd)),
        ("message_delta", Expect.Object(
            ("type", Expect.Ignored),
            ("delta", Expect.Object(
                ("stop_reason", Expect.OneOf(StopReason)),
                ("stop_sequence", Expect.Plain),
                ("stop_details", Expect.OneOf(Expect.Plain, item: StopDetails)),
                ("container", Expect.Id))),
            ("usage", Usage))),
        ("message_stop", Expect.Object(("type", Expect.Ignored))),
        ("ping", Expect.Object(("type", Expect.Ignored))),
        ("error", Expect.Object(("type", Expect.Ignored), ("error", Error), ("request_id", Expect.Id)))));

    private static ObjectPlace Indexed(params (string, Place)[] members) => Indexed(OfBlock, members);

    private static ObjectPlace Indexed(ContextOf enter, params (string, Place)[] members) =>
        new([.. members, ("type", Expect.Ignored), ("index", Expect.Scalar)], enter, rest: null);

    private static PlaceContext OfBlock(JsonWalk walk, int token, PlaceContext context) =>
        walk.Integer(walk.Find(token, "index"u8)) is >= 0 and <= int.MaxValue and var index
            ? context with { Position = context.Position with { Block = (int)index } }
            : context;

    private static PlaceContext OfEnd(JsonWalk walk, int token, PlaceContext context)
    {
        var inner = OfBlock(walk, token, context);
        walk.Stream?.EndAt(inner.Position);
        return inner;
    }

    private static Place OfAssistant(Place place) => Expect.As(SegmentRole.Assistant, SegmentKind.Message, place);
}

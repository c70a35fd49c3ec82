using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>Where the texts of an answer of the second version and of its stream events are.</summary>
internal static class CohereChatResponse
{
    private static readonly Place FinishReason = Expect.Word("COMPLETE", "STOP_SEQUENCE", "MAX_TOKENS", "TOOL_CALL", "ERROR", "TIMEOUT");

    private static readonly Place Message = Expect.Object(
        ("role", Expect.Word("assistant")),
        ("content", CohereParts.Content),
        ("tool_plan", CohereParts.ToolPlan),
        ("tool_calls", CohereParts.ToolCalls),
        ("citations", CohereParts.Citations));

    private static readonly Place Delta = Expect.Object(
        ("role", Expect.Word("assistant")),
        ("content", Expect.OneOf(
            Expect.StreamedAcross("text", Expect.Part),
            Expect.OneOf(Expect.Unknown, Expect.Array(StreamedBlock())),
            StreamedBlock())),
        ("tool_plan", Expect.Streamed("tool_plan", SegmentKind.Reasoning)),

        // One call and no array of them, against its name.
        ("tool_calls", Expect.OneOf(
            Expect.Unknown,
            CohereParts.ToolCalls,
            CohereParts.ToolCall(Expect.Streamed("tool_name", SegmentKind.ToolCall), Expect.Fragment("arguments", SegmentKind.ToolCall)))),

        // The index of its event counts citations, not the blocks whose text it repeats.
        ("citations", Expect.In(
            static (_, _, c) => c with { Position = c.Position with { Block = -1 } },
            Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: true, Expect.Array(CohereParts.Citation)),
                Expect.Derived(messageOnly: true, CohereParts.Citation)))));

    public static Place Root { get; } = Answer(("message", Expect.OneOf(CohereParts.Error, item: Message)));

    public static Place Event { get; } = Answer(
        ("type", Expect.Word(
            "message-start", "content-start", "content-delta", "content-end",
            "tool-plan-delta", "tool-call-start", "tool-call-delta", "tool-call-end",
            "citation-start", "citation-end", "message-end", "debug")),
        ("index", Expect.Scalar),
        ("message", CohereParts.Error),
        ("prompt", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain)),
        ("delta", Expect.Object(
            ("message", Delta),
            ("error", CohereParts.Error),
            ("finish_reason", FinishReason),
            ("usage", Expect.Figures()))));

    private static Place StreamedBlock() =>
        CohereParts.Block(Expect.StreamedAcross("text", Expect.Part),
            Expect.StreamedAcross("thinking", Expect.In((_, _, c) => c with { Kind = SegmentKind.Reasoning }, Expect.Part)));

    private static Place Answer(params (string, Place)[] members) => Expect.Object(
        OfAnswer,
        [
            .. members,
            ("id", Expect.Envelope("id")),
            ("generation_id", Expect.Envelope("generation_id")),
            ("finish_reason", FinishReason),
            ("usage", Expect.Figures()),
            ("meta", Expect.Tree(SegmentKind.Metadata)),
            ("logprobs", CohereParts.Logprobs),
            ("error", CohereParts.Error),
        ]);

    private static PlaceContext OfAnswer(JsonWalk walk, int token, PlaceContext context)
    {
        var position = walk.Integer(walk.Find(token, "index"u8)) is >= 0 and <= int.MaxValue and var index
            ? context.Position with { Block = (int)index }
            : context.Position;
        if (walk.String(walk.Find(token, "type"u8)) is "content-end")
        {
            walk.Stream?.EndAt(position);
        }

        return context with { Role = SegmentRole.Assistant, Kind = SegmentKind.Message, Scope = walk.NewScope(), Position = position };
    }
}

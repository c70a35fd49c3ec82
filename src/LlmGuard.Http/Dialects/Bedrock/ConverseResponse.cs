using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Where the texts of an answer of Converse and of its stream events are.</summary>
internal static class ConverseResponse
{
    private static readonly Place StopReason = Expect.Word(
        "end_turn", "tool_use", "max_tokens", "stop_sequence", "guardrail_intervened", "content_filtered", "malformed_model_output",
        "malformed_tool_use", "model_context_window_exceeded");

    private static readonly Place Error = Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Plain);

    private static readonly (string, Place)[] Envelope =
    [
        ("stopReason", StopReason),
        ("additionalModelResponseFields", Expect.Unknown),
        ("usage", Expect.Figures("5m", "1h")),
        ("metrics", Expect.Figures()),

        // The trace of Bedrock's own guardrail repeats what it found.
        ("trace", Expect.Unknown),
        ("performanceConfig", Expect.Object(("latency", Expect.Word("standard", "optimized")))),
        ("serviceTier", Expect.Object(("type", Expect.Word("priority", "default", "flex", "reserved")))),
        ("message", Error),
        ("originalMessage", Error),
        ("originalStatusCode", Expect.Scalar),
        ("resourceName", Expect.Id),
        ("__type", Expect.Id),
    ];

    private static readonly Place Delta = Expect.Object(
        ("text", Expect.StreamedAcross("text", Expect.Part)),
        ("toolUse", Expect.In(
            (_, _, c) => c with { Kind = SegmentKind.ToolCall }, Expect.Object(("input", Expect.Fragment("input", SegmentKind.ToolCall))))),
        ("toolResult", Expect.In(
            (_, _, c) => c with { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult },
            Expect.Array(Expect.Object(
                ("text", Expect.Streamed("tool_result", SegmentKind.ToolResult)), ("json", Expect.Tree(SegmentKind.ToolResult)))))),

        // A signature of all of it comes last, so none of it may be changed.
        ("reasoningContent", Expect.In(
            (_, _, c) => c with { Kind = SegmentKind.Reasoning, Editability = Editability.Signed },
            Expect.Object(
                ("text", Expect.Streamed("reasoning", SegmentKind.Reasoning)),
                ("signature", Expect.Encrypted),
                ("redactedContent", Expect.Encrypted)))),
        ("citation", ConverseBlocks.Citation),
        ("image", new ConverseMediaPlace(UninspectedKind.Image, source: [], ("error", Expect.Object(("message", Expect.Plain))))));

    private static readonly Place Start = Expect.Object(
        ("toolUse", Expect.In(
            (_, _, c) => c with { Kind = SegmentKind.ToolCall },
            Expect.Object(("toolUseId", Expect.Id), ("name", Expect.Plain), ("type", Expect.Word("server_tool_use"))))),
        ("toolResult", Expect.Object(("toolUseId", Expect.Id), ("type", Expect.Id), ("status", Expect.Word("success", "error")))),
        ("image", Expect.Object(("format", Expect.Id))));

    public static Place Root { get; } = OfAssistant(Expect.Object(
    [
        .. Envelope,
        ("output", Expect.Object(("message", Expect.Object(
            (walk, _, context) => context with { Scope = walk.NewScope() },
            ("role", Expect.Word(RoleOf.Words)),
            ("content", ConverseBlocks.Blocks(PositionAxis.Block)))))),
    ]));

    /// <summary>An event's payload, and the union of all events with the event as its member, as some models and proxies spell it.</summary>
    public static Place Event { get; } = OfAssistant(new ObjectPlace(
        [
            .. Envelope,
            ("role", Expect.Word(RoleOf.Words)),
            ("start", Start),
            ("delta", Delta),
            ("contentBlockIndex", Expect.Scalar),
            ("p", new PaddingPlace()),
            .. new[]
            {
                "messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata", "internalServerException",
                "modelStreamErrorException", "validationException", "throttlingException", "serviceUnavailableException",
            }.Select(static name => (name, (Place)new DeferredPlace(static () => Event!))),
        ],
        OfBlock,
        rest: null));

    private static PlaceContext OfBlock(JsonWalk walk, int token, PlaceContext context)
    {
        if (walk.Integer(walk.Find(token, "contentblockindex"u8)) is not (>= 0 and <= int.MaxValue and var index))
        {
            return context;
        }

        var inner = context with { Position = context.Position with { Block = (int)index } };
        if (walk.Find(token, "delta"u8) < 0 && walk.Find(token, "start"u8) < 0)
        {
            walk.Stream?.EndAt(inner.Position);
        }

        return inner;
    }

    private static Place OfAssistant(Place place) => Expect.As(SegmentRole.Assistant, SegmentKind.Message, place);
}

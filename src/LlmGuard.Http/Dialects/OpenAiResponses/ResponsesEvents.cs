using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>
/// Where the texts of stream events are. Each text comes several times: in pieces (<c>*.delta</c>), whole (<c>*.done</c>, the part, the item) and
/// in the response object at the end. The pieces are channels by output item; the copies are at the position of what they repeat.
/// </summary>
internal static class ResponsesEvents
{
    private static readonly Place Code = Expect.Text(SegmentKind.ToolCall);

    private static readonly Place Error = Expect.Object(
        static (_, _, context) => context with { Role = SegmentRole.Unknown, Kind = SegmentKind.Error },
        ("type", Expect.Ignored),
        ("sequence_number", Expect.Counter),
        ("code", Expect.Plain),
        ("message", Expect.Plain),
        ("param", Expect.Plain),
        ("error", ResponsesResponse.Error));

    private static readonly Place Shell = Expect.Object(
        Expect.Tree(SegmentKind.ToolResult),
        ("stdout", Expect.Streamed("stdout", SegmentKind.ToolResult)),
        ("stderr", Expect.Streamed("stderr", SegmentKind.ToolResult)));

    /// <summary>Any event; one of an unknown type is read by the members that events have, the rest of it is walked.</summary>
    public static Place Root { get; } = Expect.As(SegmentRole.Assistant, SegmentKind.Message, Expect.Union(
        Event(("type", Expect.Id), ("error", ResponsesResponse.Error)),
        ("response.output_text.delta", Event(("delta", Expect.Streamed("text", SegmentKind.Message)))),
        ("response.output_text.done", Event(OfEnd, ("text", Expect.Plain))),
        ("response.output_text.annotation.added", Event(("annotation", ResponsesParts.StreamedAnnotation), ("annotation_index", Expect.Scalar))),
        ("response.refusal.delta", Event(("delta", Expect.Streamed("refusal", SegmentKind.Refusal)))),
        ("response.refusal.done", Event(OfEnd, ("refusal", Expect.Text(SegmentKind.Refusal)))),
        ("response.function_call_arguments.delta", Event(("delta", Expect.Fragment("arguments", SegmentKind.ToolCall)))),
        ("response.function_call_arguments.done", Event(OfCall, ("arguments", Expect.Json(SegmentKind.ToolCall)), ("name", Code))),
        ("response.mcp_call_arguments.delta", Event(("delta", Expect.Fragment("arguments", SegmentKind.ToolCall)))),
        ("response.mcp_call_arguments.done", Event(OfCall, ("arguments", Expect.Json(SegmentKind.ToolCall)))),
        ("response.custom_tool_call_input.delta", Event(OfCall, ("delta", Expect.Streamed("input", SegmentKind.ToolCall)))),
        ("response.custom_tool_call_input.done", Event(OfCall, ("input", Code))),
        ("response.code_interpreter_call_code.delta", Event(("delta", Expect.Streamed("code", SegmentKind.ToolCall)))),
        ("response.code_interpreter_call_code.done", Event(("code", Code))),
        ("response.reasoning_summary_text.delta", Event(("delta", Expect.Streamed("summary", SegmentKind.Reasoning)))),
        ("response.reasoning_summary_text.done", Event(OfEnd, ("text", Expect.Text(SegmentKind.Reasoning)))),
        ("response.reasoning_summary_part.added", Event()),
        ("response.reasoning_summary_part.done", Event()),
        ("response.reasoning_text.delta", Event(("delta", Expect.Streamed("reasoning", SegmentKind.Reasoning)))),
        ("response.reasoning_text.done", Event(OfEnd, ("text", Expect.Text(SegmentKind.Reasoning)))),
        ("response.shell_call_command.added", Event(("command", Expect.Streamed("command", SegmentKind.ToolCall)), ("command_index", Expect.Scalar))),
        ("response.shell_call_command.delta", Event(("delta", Expect.Streamed("command", SegmentKind.ToolCall)), ("command_index", Expect.Scalar))),
        ("response.shell_call_command.done", Event(("command", Code), ("command_index", Expect.Scalar))),
        ("response.shell_call_output_content.delta", OfTool(Event(
            ("delta", Expect.OneOf(Expect.Streamed("stdout", SegmentKind.ToolResult), item: Shell)), ("command_index", Expect.Scalar)))),
        ("response.shell_call_output_content.done", OfTool(Event(("output", Expect.Tree(SegmentKind.ToolResult)), ("command_index", Expect.Scalar)))),
        ("response.audio.transcript.delta", Event(("delta", Expect.Streamed("transcript", SegmentKind.Message)))),
        ("response.audio.transcript.done", Event(("transcript", Expect.Plain))),
        ("response.audio.delta", new MediaObjectPlace(UninspectedKind.Audio,
            static (_, _) => "audio/pcm16", "delta", Event(("delta", Expect.Ignored)))),
        ("response.image_generation_call.partial_image", new MediaObjectPlace(
            UninspectedKind.Image, static (_, _) =>
                "image/png", "partialimageb64", Event(("partial_image_b64", Expect.Ignored), ("partial_image_index", Expect.Scalar)))),
        ("response.output_item.added", Event()),
        ("response.output_item.done", Event()),
        ("response.content_part.added", Event()),
        ("response.content_part.done", Event()),
        ("response.created", Event()),
        ("response.queued", Event()),
        ("response.in_progress", Event()),
        ("response.completed", Event()),
        ("response.incomplete", Event()),
        ("response.failed", Event()),
        ("error", Error)));

    private static ObjectPlace Event(params (string Name, Place Place)[] members) => Event(OfEvent, members);

    private static ObjectPlace Event(ContextOf enter, params (string Name, Place Place)[] members)
    {
        (string Name, Place Place)[] common =
        [
            ("type", Expect.Ignored),
            ("response", ResponsesResponse.Root),
            ("response_id", Expect.Envelope("response_id")),
            ("item", ResponsesItems.Sent),
            ("part", ResponsesParts.Part),
            ("item_id", Expect.Envelope("item_id")),
            ("logprobs", Expect.Derived(messageOnly: false)),
            ("obfuscation", Expect.Padding),
            ("sequence_number", Expect.Counter),
            ("output_index", Expect.Scalar),
            ("content_index", Expect.Scalar),
            ("summary_index", Expect.Scalar),
        ];
        return new ObjectPlace([.. members, .. common.ExceptBy(members.Select(m => m.Name), c => c.Name)], enter, rest: null);
    }

    // A copy of a call's arguments says which call, and seldom of which tool; the item that began the call has said it.
    private static PlaceContext OfCall(JsonWalk walk, int token, PlaceContext context)
    {
        var inner = OfEvent(walk, token, context);
        return inner with { Name = walk.String(walk.Find(token, "name"u8)) ?? walk.Stream?.ToolAt(inner.Position) };
    }

    private static PlaceContext OfEnd(JsonWalk walk, int token, PlaceContext context)
    {
        var inner = OfEvent(walk, token, context);
        walk.Stream?.EndAt(inner.Position);
        return inner;
    }

    private static PlaceContext OfEvent(JsonWalk walk, int token, PlaceContext context)
    {
        var part = walk.Find(token, "contentindex"u8);
        var position = context.Position;
        position = Index(walk, walk.Find(token, "outputindex"u8)) is { } block ? position with { Block = block } : position;
        position = Index(walk, part >= 0 ? part : walk.Find(token, "summaryindex"u8)) is { } index
            ? position with { Part = index, Block = Math.Max(position.Block, 0) }
            : position;
        return context with { Position = position, Scope = walk.NewScope() };
    }

    private static int? Index(JsonWalk walk, int token) => walk.Integer(token) is >= 0 and <= int.MaxValue and var index ? (int)index : null;

    private static Place OfTool(Place place) => Expect.As(SegmentRole.Tool, SegmentKind.ToolResult, place);
}

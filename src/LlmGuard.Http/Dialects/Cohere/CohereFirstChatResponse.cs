using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>Where the texts of an answer of the first version and of its stream events are.</summary>
internal static class CohereFirstChatResponse
{
    private static readonly Place FinishReason = Expect.Word(
        "COMPLETE", "STOP_SEQUENCE", "ERROR", "ERROR_TOXIC", "ERROR_LIMIT", "USER_CANCEL", "MAX_TOKENS", "TOOL_CALL", "TIMEOUT");

    private static readonly Place Citation = Expect.Object(
        ("text", Expect.Text(SegmentKind.Document)),
        ("start", Expect.Scalar),
        ("end", Expect.Scalar),
        ("document_ids", Expect.OneOf(Expect.Unknown, Expect.Array(Expect.Text(SegmentKind.Metadata)))),
        ("type", Expect.Word("TEXT_CONTENT", "PLAN")));

    private static readonly Place ToolCallDelta = Expect.Object(
        (walk, token, context) => context with
        {
            Kind = SegmentKind.ToolCall,
            Position = walk.Integer(walk.Find(token, "index"u8)) is >= 0 and <= int.MaxValue and var index
                ? context.Position with { Block = (int)index }
                : context.Position,
        },
        ("index", Expect.Scalar),
        ("name", Expect.Streamed("tool_name", SegmentKind.ToolCall)),
        ("parameters", Expect.Fragment("parameters", SegmentKind.ToolCall)),
        ("raw_delta", Expect.Fragment("raw", SegmentKind.ToolCall)),
        ("text", Expect.StreamedAcross("text", Expect.Part)));

    public static Place Root { get; } = Answer(Expect.Plain);

    public static Place Event { get; } = Answer(
        Expect.StreamedAcross("text", Expect.Part),
        ("is_finished", Expect.Scalar),
        ("event_type", Expect.Word(
            "stream-start", "search-queries-generation", "search-results", "text-generation", "citation-generation", "tool-calls-generation",
            "tool-calls-chunk", "stream-end", "debug")),
        ("tool_call_delta", ToolCallDelta),
        ("response", Root));

    private static Place Answer(Place text, params (string, Place)[] members) => Expect.Object(
        static (walk, _, context) => context with { Role = SegmentRole.Assistant, Kind = SegmentKind.Message, Scope = walk.NewScope() },
        [
            .. members,
            ("text", text),
            ("response_id", Expect.Envelope("response_id")),
            ("generation_id", Expect.Envelope("generation_id")),
            ("id", Expect.Envelope("id")),
            ("finish_reason", FinishReason),
            ("citations", Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: true, Expect.Array(Citation)))),
            ("documents", CohereFirstChatRequest.Documents),
            ("is_search_required", Expect.Scalar),
            ("search_queries", Expect.OneOf(Expect.Unknown, Expect.Tree(SegmentKind.ToolCall))),
            ("search_results", Expect.OneOf(Expect.Unknown, Expect.Tree(SegmentKind.ToolResult))),
            ("tool_calls", CohereFirstChatRequest.ToolCalls),
            ("chat_history", CohereFirstChatRequest.History),
            ("prompt", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain)),
            ("preamble", Expect.As(SegmentRole.System, SegmentKind.Message, Expect.Plain)),
            ("meta", Expect.Object(
                Expect.Figures(), ("api_version", Expect.Tree(SegmentKind.Metadata)), ("warnings", Expect.Tree(SegmentKind.Error)))),
            ("message", CohereParts.Error),
            ("error", CohereParts.Error),
        ]);
}

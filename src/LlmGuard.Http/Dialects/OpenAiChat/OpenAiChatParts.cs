using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.OpenAiChat;

/// <summary>What requests and answers have in common: content parts, tool calls, reasoning, annotations, errors.</summary>
internal static class OpenAiChatParts
{
    /// <summary>Part of a message's content. A part of an unknown type is walked, its text joined with the others.</summary>
    public static Place Part { get; } = Expect.OneOf(Expect.Part, item: Expect.Union(
        Expect.Object(("text", Expect.In((_, _, c) => c with { Kind = SegmentKind.Unknown }, Expect.Part))),
        ("text", Expect.Object(("type", Expect.Ignored), ("text", Expect.Part), ("annotations", Expect.Unknown))),
        ("refusal", Expect.Object(("type", Expect.Ignored), ("refusal", Expect.Text(SegmentKind.Refusal)))),
        ("thinking", Expect.Object(("type", Expect.Ignored), ("thinking", Reasoning(Expect.Text(SegmentKind.Reasoning))))),
        ("image_url", Expect.Object(("type", Expect.Ignored), ("image_url", MediaUrl(UninspectedKind.Image)))),
        ("video_url", Expect.Object(("type", Expect.Ignored), ("video_url", MediaUrl(UninspectedKind.File)))),
        ("input_audio", Expect.Object(("type", Expect.Ignored), ("input_audio", Audio("wav")))),
        ("file", Expect.Object(("type", Expect.Ignored), ("file", File())))));

    public static Place Content { get; } = Expect.OneOf(Expect.Plain, Expect.Parts(Part, PositionAxis.Part));

    public static Place ToolCalls { get; } = Expect.Array(
        new ObjectPlace(
            [
                ("id", Expect.Id),
                ("index", Expect.Scalar),
                ("type", Expect.Word("function", "custom")),
                ("function", Expect.Object(("name", Expect.Plain), ("arguments", Expect.Json(SegmentKind.ToolCall)))),
                ("custom", Expect.Object(("name", Expect.Plain), ("input", Expect.Plain))),
            ],
            ToolCall,
            rest: null),
        PositionAxis.Block);

    /// <summary>Tool calls of a stream, whose names and arguments come in pieces.</summary>
    public static Place StreamedToolCalls { get; } = Expect.Array(
        new ObjectPlace(
            [
                ("id", Expect.Id),
                ("index", Expect.Scalar),
                ("type", Expect.Word("function", "custom")),
                ("function", Expect.Object(("name", Expect.Streamed("tool_name", SegmentKind.ToolCall)),
                    ("arguments", Expect.Fragment("arguments", SegmentKind.ToolCall)))),
                ("custom", Expect.Object(("name", Expect.Streamed("tool_name", SegmentKind.ToolCall)),
                    ("input", Expect.Streamed("input", SegmentKind.ToolCall)))),
            ],
            ToolCall,
            rest: null),
        PositionAxis.Block);

    public static Place FunctionCall { get; } = new ObjectPlace(
        [("name", Expect.Plain), ("arguments", Expect.Json(SegmentKind.ToolCall))],
        (walk, token, context) => context with { Kind = SegmentKind.ToolCall, Name = walk.String(walk.Find(token, "name"u8)) },
        rest: null);

    /// <summary>Reasoning of servers other than OpenAI's: text, or an object or array with texts.</summary>
    public static Place ReasoningText { get; } = Reasoning(Expect.Text(SegmentKind.Reasoning));

    /// <summary>Structured reasoning (OpenRouter), partly encrypted or signed.</summary>
    public static Place ReasoningDetails { get; } = Expect.In((_, _, c) => c with { Kind = SegmentKind.Reasoning }, Expect.Array(Expect.Object(
        (walk, token, context) => walk.IsPresent(walk.Find(token, "signature"u8)) ? context with { Editability = Editability.Signed } : context,
        ("type", Expect.Word("reasoning.text", "reasoning.summary", "reasoning.encrypted")),
        ("text", Expect.Plain),
        ("summary", Expect.Plain),
        ("data", Expect.Encrypted),
        ("signature", Expect.Encrypted),
        ("id", Expect.Id),
        ("format", Expect.Id),
        ("index", Expect.Scalar))));

    /// <summary>Annotations point into the message's text: they are dropped when that is edited.</summary>
    public static Place Annotations { get; } = Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: true, Expect.Array(Expect.Union(
        Expect.Unknown,
        ("url_citation", Expect.Object(("type", Expect.Ignored), ("url_citation", Expect.Object(
            ("title", Expect.Text(SegmentKind.Document)),
            ("url", Expect.Text(SegmentKind.Document)),
            ("content", Expect.Text(SegmentKind.Document)),
            ("start_index", Expect.Scalar),
            ("end_index", Expect.Scalar)))))))));

    /// <summary>What Azure found in the caller's data: documents and the search that led to them.</summary>
    public static Place AzureContext { get; } = Expect.As(SegmentRole.Tool, SegmentKind.Document, Expect.Tree(SegmentKind.Document));

    public static Place Error { get; } = Expect.In((_, _, c) => c with { Kind = SegmentKind.Error }, Expect.Tree(SegmentKind.Error));

    /// <summary>Azure's filter results and the like.</summary>
    public static Place FilterResults { get; } = Expect.Figures("safe", "low", "medium", "high");

    public static Place Audio(string format) => new MediaObjectPlace(
        UninspectedKind.Audio,
        (walk, token) => "audio/" + (walk.String(walk.Find(token, "format"u8)) is { Length: <= 16 } given ? given : format),
        "data",
        Expect.Object(
            ("data", Expect.Ignored),
            ("format", Expect.Word("wav", "mp3", "flac", "opus", "pcm16", "aac")),
            ("id", Expect.Id),
            ("transcript", Expect.Text(SegmentKind.Message)),
            ("expires_at", Expect.Scalar)));

    /// <summary>The name of a call's tool, given as function or custom tool.</summary>
    public static PlaceContext ToolCall(JsonWalk walk, int token, PlaceContext context)
    {
        var name = walk.FindPath(token, "function"u8, "name"u8);
        return context with
        {
            Kind = SegmentKind.ToolCall,
            Name = walk.String(name >= 0 ? name : walk.FindPath(token, "custom"u8, "name"u8)),
            Position = walk.Integer(walk.Find(token, "index"u8)) is >= 0 and <= int.MaxValue and var index
                ? context.Position with { Block = (int)index }
                : context.Position,
        };
    }

    private static OneOfPlace Reasoning(Place text) => new(text, Expect.Tree(SegmentKind.Reasoning), Expect.Tree(SegmentKind.Reasoning));

    private static OneOfPlace MediaUrl(UninspectedKind kind) => new(
        Expect.Url(kind), null, Expect.Object(("url", Expect.Url(kind)), ("detail", Expect.Word("auto", "low", "high"))));

    private static MediaObjectPlace File() => new(
        UninspectedKind.File,
        (_, _) => null,
        "filedata",
        Expect.Object(("file_data", Expect.Ignored), ("filename", Expect.Text(SegmentKind.Document)), ("file_id", Expect.FileId)));
}

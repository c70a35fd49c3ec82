using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Gemini;

/// <summary>
/// The parts of a content, which requests, answers and stream events share. Parts have no type: the member they hold tells them apart.
/// </summary>
internal static class GeminiParts
{
    /// <summary>Parts of a request: what a model signed cannot be changed before it is sent back.</summary>
    public static Place History { get; } =
        Expect.Parts(Part(isHistory: true, new ChoicePlace(static (_, _, c) => IsThought(c) ? Expect.Plain : Expect.Part)), PositionAxis.Part);

    /// <summary>Parts of a whole answer.</summary>
    public static Place Answer { get; } =
        Expect.Parts(Part(isHistory: false, new ChoicePlace(static (_, _, c) => IsThought(c) ? Expect.Plain : Expect.Part)), PositionAxis.Part);

    private static readonly Place StreamedText = Expect.StreamedAcross("text", Expect.Part);
    private static readonly Place StreamedThought = Expect.StreamedAcross("thought", Expect.Part);

    /// <summary>Parts of a stream event, whose texts go on in the next one.</summary>
    public static Place Streamed { get; } = Expect.Array(
        Part(isHistory: false, new ChoicePlace(static (_, _, c) => IsThought(c) ? StreamedThought : StreamedText)), PositionAxis.Part);

    private static OneOfPlace Part(bool isHistory, Place text) => new(Expect.Part, null, Expect.Object(
        (walk, token, context) => OfPart(walk, token, context, isHistory),
        ("text", text),
        ("thought", Expect.Scalar),
        ("thoughtSignature", Expect.In((_, _, c) => c with { Kind = SegmentKind.Reasoning }, Expect.Encrypted)),
        ("inlineData", InlineData()),
        ("fileData", FileData()),
        ("functionCall", FunctionCall()),
        ("functionResponse", FunctionResponse()),
        ("executableCode", ToolCall(("id", Expect.Id), ("language", Expect.Word("PYTHON", "LANGUAGE_UNSPECIFIED")), ("code", Expect.Plain))),
        ("codeExecutionResult", ToolResult(
            ("id", Expect.Id),
            ("outcome", Expect.Word("OUTCOME_OK", "OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED", "OUTCOME_UNSPECIFIED")),
            ("output", Expect.Plain))),
        ("toolCall", ToolCall(("id", Expect.Id), ("toolType", Expect.Id), ("args", Expect.Tree(SegmentKind.ToolCall)))),
        ("toolResponse", ToolResult(("id", Expect.Id), ("toolType", Expect.Id), ("response", Expect.Tree(SegmentKind.ToolResult)))),
        ("partMetadata", Expect.Tree(SegmentKind.Metadata)),
        ("videoMetadata", Expect.Figures()),
        ("mediaResolution", Expect.Tree(SegmentKind.Metadata))));

    private static PlaceContext OfPart(JsonWalk walk, int token, PlaceContext context, bool isHistory)
    {
        var isThought = walk.IsTrue(walk.Find(token, "thought"u8));
        var signature = walk.Find(token, "thoughtsignature"u8);
        var isSigned = walk.IsPresent(signature) && !walk.IsEmptyString(signature);
        return context with
        {
            Kind = isThought ? SegmentKind.Reasoning : context.Kind,
            Editability = isSigned && (isHistory || isThought) ? Editability.Signed : context.Editability,
        };
    }

    private static bool IsThought(in PlaceContext context) => context.Kind == SegmentKind.Reasoning;

    private static ObjectPlace FunctionCall() => ToolCall(
        ("id", Expect.Id),
        ("name", Expect.Plain),
        ("args", Expect.Tree(SegmentKind.ToolCall)),
        ("partialArgs", Expect.Array(Expect.Object(
            ("jsonPath", Expect.Id),
            ("stringValue", new PartialArgumentPlace()),
            ("numberValue", Expect.Text(SegmentKind.ToolCall)),
            ("boolValue", Expect.Scalar),
            ("nullValue", Expect.Word("NULL_VALUE")),
            ("willContinue", Expect.Scalar)))),
        ("willContinue", Expect.Scalar));

    private static ObjectPlace FunctionResponse() => ToolResult(
        ("id", Expect.Id),
        ("name", Expect.Plain),
        ("response", Expect.Tree(SegmentKind.ToolResult)),
        ("parts", Expect.Array(Expect.Object(("inlineData", InlineData()), ("fileData", FileData())))),
        ("willContinue", Expect.Scalar),
        ("scheduling", Expect.Word("SILENT", "WHEN_IDLE", "INTERRUPT", "SCHEDULING_UNSPECIFIED")));

    private static Place InlineData() => TypedMedia.Of(MimeType, static kind => new MediaObjectPlace(kind, MimeType, "data", Expect.Object(
        ("mimeType", Expect.Id), ("data", Expect.Ignored), ("displayName", Expect.Text(SegmentKind.Document)))));

    private static Place FileData() => TypedMedia.Of(MimeType, static kind => Expect.Object(
        ("mimeType", Expect.Id), ("fileUri", Expect.Url(kind)), ("displayName", Expect.Text(SegmentKind.Document))));

    private static string? MimeType(JsonWalk walk, int token) => walk.String(walk.Find(token, "mimetype"u8));

    private static ObjectPlace ToolCall(params (string, Place)[] members) => new(
        members,
        (walk, token, context) => context with { Kind = SegmentKind.ToolCall, Join = -1, Name = walk.String(walk.Find(token, "name"u8)) },
        rest: Expect.Tree(SegmentKind.ToolCall));

    private static ObjectPlace ToolResult(params (string, Place)[] members) => new(
        members,
        (walk, token, context) => context with
        {
            Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult, Join = -1, Name = walk.String(walk.Find(token, "name"u8)),
        },
        rest: Expect.Tree(SegmentKind.ToolResult));
}

using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Gemini;

/// <summary>Where the texts of an answer are. Every event of a stream is an answer with a piece of the text.</summary>
internal static class GeminiResponse
{
    private static readonly Place FinishReason = Expect.Word(
        "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL",
        "IMAGE_SAFETY", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "NO_IMAGE", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER",
        "MODEL_ARMOR", "FINISH_REASON_UNSPECIFIED");

    private static readonly Place Ratings = Expect.Array(Expect.Object(
        ("category", Expect.Id),
        ("probability", Expect.Id),
        ("severity", Expect.Id),
        ("overwrittenThreshold", Expect.Id),
        ("blocked", Expect.Scalar),
        ("probabilityScore", Expect.Scalar),
        ("severityScore", Expect.Scalar)));

    private static readonly Place Document = Expect.Text(SegmentKind.Document);

    // Both point into the text by offsets, and the second repeats it: they are dropped when it is edited.
    private static readonly Place Citations = Expect.Derived(messageOnly: true, Expect.Array(Expect.Object(
        ("startIndex", Expect.Scalar),
        ("endIndex", Expect.Scalar),
        ("title", Document),
        ("uri", Document),
        ("license", Document),
        ("publicationDate", Expect.Figures()))));

    private static readonly Place Supports = Expect.Derived(messageOnly: true, Expect.Array(Expect.Object(
        ("segment", Expect.Object(("text", Document), ("startIndex", Expect.Scalar), ("endIndex", Expect.Scalar), ("partIndex", Expect.Scalar))),
        ("groundingChunkIndices", Expect.Figures()),
        ("renderedParts", Expect.Figures()),
        ("confidenceScores", Expect.Figures()))));

    private static readonly Place Grounding = Expect.Object(
        Expect.Tree(SegmentKind.Document),
        ("webSearchQueries", Expect.Array(Expect.Text(SegmentKind.ToolCall))),
        ("imageSearchQueries", Expect.Array(Expect.Text(SegmentKind.ToolCall))),
        ("retrievalQueries", Expect.Array(Expect.Text(SegmentKind.ToolCall))),
        ("groundingChunks", Expect.Tree(SegmentKind.Document)),
        ("groundingSupports", Expect.OneOf(Expect.Unknown, Supports)),
        ("searchEntryPoint", Expect.Object(("renderedContent", Document), ("sdkBlob", Expect.Id))),
        ("retrievalMetadata", Expect.Figures()),
        ("googleMapsWidgetContextToken", Expect.Id));

    private static readonly Place Error = Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Tree(SegmentKind.Error));

    public static Place Root { get; } = Answer(GeminiParts.Answer);

    public static Place Event { get; } = Answer(GeminiParts.Streamed);

    private static Place Answer(Place parts)
    {
        var candidate = Expect.Object(
            OfCandidate,
            ("content", Expect.OneOf(Expect.Unknown, item: Expect.Object(
                ("role", Expect.Word("model", "user", "function")), ("parts", Expect.OneOf(Expect.Unknown, parts))))),
            ("index", Expect.Scalar),
            ("finishReason", FinishReason),
            ("finishMessage", Expect.Plain),
            ("tokenCount", Expect.Scalar),
            ("avgLogprobs", Expect.Scalar),
            ("score", Expect.Scalar),
            ("safetyRatings", Ratings),
            ("citationMetadata", Expect.Object(("citations", Citations), ("citationSources", Citations))),
            ("groundingMetadata", Grounding),
            ("groundingAttributions", Expect.Tree(SegmentKind.Document)),
            ("urlContextMetadata", Expect.Tree(SegmentKind.Document)),
            ("logprobsResult", Expect.Derived(messageOnly: false)));
        return Expect.As(SegmentRole.Assistant, SegmentKind.Message, Expect.Object(
            ("candidates", Expect.Array(candidate, PositionAxis.Choice)),
            ("promptFeedback", Expect.Object(("blockReason", Expect.Id), ("blockReasonMessage", Expect.Plain), ("safetyRatings", Ratings))),
            ("usageMetadata", Expect.Totals(
                "TEXT", "IMAGE", "AUDIO", "VIDEO", "DOCUMENT", "ON_DEMAND", "ON_DEMAND_PRIORITY", "ON_DEMAND_FLEX", "PROVISIONED_THROUGHPUT")),
            ("modelVersion", Expect.Envelope("modelVersion")),
            ("responseId", Expect.Envelope("responseId")),
            ("createTime", Expect.Envelope("createTime")),
            ("totalTokens", Expect.Scalar),
            ("totalBillableCharacters", Expect.Scalar),
            ("cachedContentTokenCount", Expect.Scalar),
            ("promptTokensDetails", Expect.Figures("TEXT", "IMAGE", "AUDIO", "VIDEO", "DOCUMENT")),
            ("cacheTokensDetails", Expect.Figures("TEXT", "IMAGE", "AUDIO", "VIDEO", "DOCUMENT")),
            ("embedding", Expect.Figures()),
            ("embeddings", Expect.Figures()),
            ("error", Error)));
    }

    private static PlaceContext OfCandidate(JsonWalk walk, int token, PlaceContext context) => context with
    {
        Scope = walk.NewScope(),
        Position = walk.Integer(walk.Find(token, "index"u8)) is >= 0 and <= int.MaxValue and var index
            ? context.Position with { Choice = (int)index }
            : context.Position,
    };
}

using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Gemini;

/// <summary>Where the texts of a request are: generating, counting tokens and embedding.</summary>
internal static class GeminiRequest
{
    private static readonly Place Metadata = Expect.Text(SegmentKind.Metadata);

    private static readonly Place Setting = Expect.Array(Expect.Object(
        ("category", Expect.Id), ("threshold", Expect.Id), ("method", Expect.Id)));

    private static readonly Place Message = Expect.Object(
        OfMessage, ("role", Expect.Word("user", "model", "function", "system")), ("parts", Expect.OneOf(Expect.Unknown, GeminiParts.History)));

    private static readonly Place Instruction = Expect.OneOf(Expect.Plain, item: Expect.Object(
        ("role", Expect.Word("user", "model", "function", "system")), ("parts", Expect.OneOf(Expect.Unknown, GeminiParts.History))));

    private static readonly Place Function = Expect.In(
        (walk, token, context) => context with { Name = walk.String(walk.Find(token, "name"u8)) }, Expect.Tree(SegmentKind.ToolDefinition));

    private static readonly Place Generation = Expect.Object(
        Expect.Tree(SegmentKind.Metadata),
        ("stopSequences", Expect.Array(Metadata)),
        ("responseSchema", Schema()),
        ("responseJsonSchema", Schema()),
        ("responseFormat", Schema()),
        ("responseMimeType", Expect.Id),
        ("responseModalities", Expect.Array(Expect.Word("TEXT", "IMAGE", "AUDIO", "MODALITY_UNSPECIFIED"))),
        ("candidateCount", Expect.Scalar),
        ("maxOutputTokens", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("topP", Expect.Scalar),
        ("topK", Expect.Scalar),
        ("seed", Expect.Scalar),
        ("presencePenalty", Expect.Scalar),
        ("frequencyPenalty", Expect.Scalar),
        ("responseLogprobs", Expect.Scalar),
        ("logprobs", Expect.Scalar),
        ("audioTimestamp", Expect.Scalar),
        ("enableEnhancedCivicAnswers", Expect.Scalar),
        ("thinkingConfig", Expect.Object(
            ("includeThoughts", Expect.Scalar), ("thinkingBudget", Expect.Scalar), ("thinkingLevel", Expect.Id))));

    public static Place Root { get; } = Expect.Object(
        ("model", Expect.Id),
        ("contents", Expect.OneOf(Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain),
            Expect.Array(Message, PositionAxis.Message), Message)),
        ("systemInstruction", Expect.As(SegmentRole.System, SegmentKind.Message, Instruction)),
        ("tools", Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Array(Expect.Object(
            Expect.Tree(SegmentKind.ToolDefinition), ("functionDeclarations", Expect.Array(Function)))))),
        ("toolConfig", Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Tree(SegmentKind.ToolDefinition))),
        ("safetySettings", Setting),
        ("generationConfig", Generation),
        ("cachedContent", Expect.ServerState),
        ("labels", Expect.Tree(SegmentKind.Metadata)),
        ("store", Expect.Scalar),
        ("serviceTier", Expect.Id),
        ("generateContentRequest", new DeferredPlace(static () => Root!)),
        ("requests", Expect.Array(new DeferredPlace(static () => Root!))),
        ("content", Message),
        ("title", Expect.As(SegmentRole.User, SegmentKind.Document, Expect.Plain)),
        ("taskType", Expect.Id),
        ("outputDimensionality", Expect.Scalar));

    private static Place Schema() => Expect.As(SegmentRole.System, SegmentKind.ToolDefinition, Expect.Tree(SegmentKind.ToolDefinition));

    private static PlaceContext OfMessage(JsonWalk walk, int token, PlaceContext context)
    {
        var role = walk.Find(token, "role"u8);
        var isFunction = walk.Is(role, "function"u8);
        return context with
        {
            Role = walk.Is(role, "model"u8) ? SegmentRole.Assistant : RoleOf.Of(walk, token),
            Kind = isFunction ? SegmentKind.ToolResult : SegmentKind.Message,
            Scope = walk.NewScope(),
        };
    }
}

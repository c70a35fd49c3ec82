using LlmGuard.Http.Dialects.AnthropicMessages;
using LlmGuard.Http.Dialects.Cohere;
using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>
/// The body of an invocation is whatever the model's maker speaks. Its members tell which: the id in the path may be a name that somebody chose. What
/// no family has is walked.
/// </summary>
internal static class InvokeModelShapes
{
    private static readonly Place Stop = Expect.OneOf(Expect.Text(SegmentKind.Metadata), Expect.Array(Expect.Text(SegmentKind.Metadata)));

    /// <summary>Models that take a prompt: Titan, Llama, older Mistral, Cohere and AI21 models, and embedding.</summary>
    private static readonly Place Prompt = Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Object(
        ("inputText", Expect.Plain),
        ("prompt", Expect.Plain),
        ("suffix", Expect.Plain),
        ("texts", Expect.Array(Expect.Plain, PositionAxis.Message)),
        ("text_prompts", Expect.Array(Expect.Object(("text", Expect.Plain), ("weight", Expect.Scalar)), PositionAxis.Message)),
        ("images", Expect.OneOf(Expect.Unknown, Expect.Array(new Base64Place(UninspectedKind.Image)))),
        ("image", new Base64Place(UninspectedKind.Image)),
        ("inputImage", new Base64Place(UninspectedKind.Image)),
        ("input_type", Expect.Id),
        ("truncate", Expect.Id),
        ("embedding_types", Expect.Array(Expect.Id)),
        ("textGenerationConfig", Expect.Object(Expect.Figures(), ("stopSequences", Stop))),
        ("stop", Stop),
        ("stop_sequences", Stop),
        ("anthropic_version", Expect.Id),
        ("max_tokens_to_sample", Expect.Scalar),
        ("max_gen_len", Expect.Scalar),
        ("max_tokens", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("top_p", Expect.Scalar),
        ("top_k", Expect.Scalar),
        ("dimensions", Expect.Scalar),
        ("normalize", Expect.Scalar)));

    /// <summary>What models that take a prompt answer.</summary>
    private static readonly Place Generated = Answer(Expect.Plain);

    private static readonly Place GeneratedPiece = Answer(null);

    public static Place Request { get; } = new ChoicePlace(static (walk, _, _) =>
        walk.Find(0, "messages"u8) >= 0 ? OfMessages(walk)
        : walk.Find(0, "message"u8) >= 0 || walk.Find(0, "chathistory"u8) >= 0 ? CohereFirstChatRequest.Root
        : Prompt);

    public static Place Response { get; } = new ChoicePlace(static (walk, _, _) =>
        walk.Find(0, "choices"u8) >= 0 ? OpenAiChatResponse.Root
        : walk.Find(0, "output"u8) >= 0 ? ConverseResponse.Root
        : walk.Find(0, "generationid"u8) >= 0 || walk.Find(0, "responseid"u8) >= 0 ? CohereFirstChatResponse.Root
        : walk.Find(0, "content"u8) >= 0 || walk.Is(walk.Find(0, "type"u8), "error"u8) ? AnthropicResponse.Root
        : Generated);

    public static Place Event { get; } = new ChoicePlace(static (walk, _, _) =>
        walk.Find(0, "choices"u8) >= 0 ? OpenAiChatResponse.Event
        : walk.Find(0, "eventtype"u8) >= 0 ? CohereFirstChatResponse.Event
        : walk.Find(0, "type"u8) >= 0 ? AnthropicResponse.Event
        : IsConverse(walk) ? ConverseResponse.Event
        : GeneratedPiece);

    // Nova takes Converse's messages, Claude says which version of its API it is spoken to, all others speak OpenAI's.
    private static Place OfMessages(JsonWalk walk) =>
        walk.Find(0, "anthropicversion"u8) >= 0 ? AnthropicRequest.Root
        : walk.Find(0, "inferenceconfig"u8) >= 0 || walk.Find(0, "schemaversion"u8) >= 0 || walk.Find(0, "toolconfig"u8) >= 0 ? ConverseRequest.Root
        : walk.Find(0, "system"u8) >= 0 ? AnthropicRequest.Root
        : OpenAiChatRequest.Root;

    private static bool IsConverse(JsonWalk walk) =>
        walk.Find(0, "messagestart"u8) >= 0 || walk.Find(0, "contentblockstart"u8) >= 0 || walk.Find(0, "contentblockdelta"u8) >= 0
        || walk.Find(0, "contentblockstop"u8) >= 0 || walk.Find(0, "messagestop"u8) >= 0 || walk.Find(0, "metadata"u8) >= 0;

    /// <param name="whole">The place of a text; null for pieces of one in a stream.</param>
    private static Place Answer(Place? whole)
    {
        Place Text(string field) => whole ?? Expect.StreamedAcross(field, Expect.Part);
        var reason = Expect.Word(
            "FINISH", "FINISHED", "LENGTH", "STOP_CRITERIA_MET", "CONTENT_FILTERED",
            "COMPLETE", "MAX_TOKENS", "ERROR", "ERROR_TOXIC", "stop", "length",
            "stop_sequence", "max_tokens", "endoftext");
        return Expect.As(SegmentRole.Assistant, SegmentKind.Message, Expect.Object(
            ("results", Expect.Array(
                Expect.Object(("outputText", Text("result")), ("completionReason", reason), ("tokenCount", Expect.Scalar)), PositionAxis.Choice)),
            ("outputText", Text("outputText")),
            ("completionReason", reason),
            ("index", Expect.Scalar),
            ("inputTextTokenCount", Expect.Scalar),
            ("totalOutputTextTokenCount", Expect.Scalar),
            ("generation", Text("generation")),
            ("prompt_token_count", Expect.Scalar),
            ("generation_token_count", Expect.Scalar),
            ("stop_reason", reason),
            ("outputs", Expect.Array(Expect.Object(("text", Text("output")), ("stop_reason", reason)), PositionAxis.Choice)),
            ("generations", Expect.Array(
                Expect.Object(("id", Expect.Id), ("text", Text("generations")), ("finish_reason", reason), ("index", Expect.Scalar)),
                PositionAxis.Choice)),
            ("text", Text("text")),
            ("is_finished", Expect.Scalar),
            ("finish_reason", reason),
            ("completions", Expect.Array(
                Expect.Object(("data", Expect.Object(("text", Text("completions")))), ("finishReason", Expect.Object(("reason", reason)))),
                PositionAxis.Choice)),
            ("completion", Text("completion")),
            ("stop", Expect.Plain),
            ("id", Expect.Envelope("id")),
            ("prompt", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain)),

            // The frame of a stream's event: whoever takes frames apart leaves null in place of the event.
            ("bytes", new Base64Place(UninspectedKind.UndecodableText)),
            ("p", new PaddingPlace()),
            ("embedding", Expect.Figures()),
            ("embeddings", Expect.Figures()),
            ("embeddingsByType", Expect.Figures()),
            ("response_type", Expect.Id),
            ("message", Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Plain)),
            ("amazon-bedrock-guardrailAction", Expect.Word("INTERVENED", "NONE")),
            ("amazon-bedrock-invocationMetrics", Expect.Figures())));
    }
}

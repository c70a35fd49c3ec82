using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Ollama;

/// <summary>Where the texts of answers are. Every line of a stream is an answer with a piece of the text.</summary>
internal static class OllamaResponse
{
    private static readonly Place DoneReason = Expect.Word("stop", "length", "load", "unload");

    public static Place Chat { get; } = ChatOf(Expect.Plain, Expect.Text(SegmentKind.Reasoning));

    public static Place ChatLine { get; } = ChatOf(
        Expect.Streamed("content", SegmentKind.Message), Expect.Streamed("thinking", SegmentKind.Reasoning));

    public static Place Generate { get; } = GenerateOf(Expect.Plain, Expect.Text(SegmentKind.Reasoning));

    public static Place GenerateLine { get; } = GenerateOf(
        Expect.Streamed("response", SegmentKind.Message), Expect.Streamed("thinking", SegmentKind.Reasoning));

    public static Place Embed { get; } = Root(("embeddings", Expect.Figures()), ("embedding", Expect.Figures()));

    private static Place ChatOf(Place content, Place thinking) => Root(
        ("message", Expect.Object(
            ("role", Expect.Word(RoleOf.Words)),
            ("content", content),
            ("thinking", thinking),
            ("images", OllamaParts.Images),
            ("tool_calls", OllamaParts.ToolCalls),
            ("tool_name", Expect.Text(SegmentKind.Metadata)))),
        ("logprobs", OllamaParts.Logprobs));

    // The token ids say the same as the text: they go when it is edited.
    private static Place GenerateOf(Place response, Place thinking) => Root(
        ("response", response),
        ("thinking", thinking),
        ("tool_calls", OllamaParts.ToolCalls),
        ("context", Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: false))),
        ("image", new Base64Place(UninspectedKind.Image)),
        ("logprobs", OllamaParts.Logprobs));

    private static Place Root(params (string, Place)[] members) => Expect.Object(
        static (walk, _, context) => context with { Role = SegmentRole.Assistant, Kind = SegmentKind.Message, Scope = walk.NewScope() },
        [
            .. members,
            ("model", Expect.Envelope("model")),
            ("remote_model", Expect.Envelope("remote_model")),
            ("remote_host", Expect.Envelope("remote_host")),
            ("created_at", Expect.Id),
            ("done", Expect.Scalar),
            ("done_reason", DoneReason),
            ("completed", Expect.Scalar),
            ("total", Expect.Scalar),
            ("total_duration", Expect.Scalar),
            ("load_duration", Expect.Scalar),
            ("prompt_eval_count", Expect.Scalar),
            ("prompt_eval_duration", Expect.Scalar),
            ("eval_count", Expect.Scalar),
            ("eval_duration", Expect.Scalar),
            ("error", OllamaParts.Error),
        ]);
}

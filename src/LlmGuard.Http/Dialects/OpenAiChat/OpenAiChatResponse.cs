using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.OpenAiChat;

/// <summary>Where the texts of an answer and of its stream events are.</summary>
internal static class OpenAiChatResponse
{
    private static readonly Place FinishReason =
        Expect.Word("stop", "length", "tool_calls", "content_filter", "function_call", "model_length", "error");

    private static readonly Place Message = Expect.Object(
        ("role", Expect.Word(RoleOf.Words)),
        ("content", OpenAiChatParts.Content),
        ("refusal", Expect.Text(SegmentKind.Refusal)),
        ("tool_calls", Expect.OneOf(Expect.Unknown, OpenAiChatParts.ToolCalls)),
        ("function_call", OpenAiChatParts.FunctionCall),
        ("reasoning_content", OpenAiChatParts.ReasoningText),
        ("reasoning", OpenAiChatParts.ReasoningText),
        ("reasoning_details", OpenAiChatParts.ReasoningDetails),
        ("annotations", OpenAiChatParts.Annotations),
        ("context", OpenAiChatParts.AzureContext),
        ("audio", OpenAiChatParts.Audio("wav")));

    private static readonly Place Delta = Expect.Object(
        ("role", Expect.Word(RoleOf.Words)),
        ("content", Expect.StreamedAcross("content", Expect.OneOf(Expect.Part, Expect.Parts(OpenAiChatParts.Part, PositionAxis.Part)))),
        ("refusal", Expect.Streamed("refusal", SegmentKind.Refusal)),
        ("reasoning_content", StreamedReasoning()),
        ("reasoning", StreamedReasoning()),
        ("reasoning_details", OpenAiChatParts.ReasoningDetails),
        ("tool_calls", Expect.OneOf(Expect.Unknown, OpenAiChatParts.StreamedToolCalls)),
        ("function_call", Expect.In(
            (_, _, c) => c with { Kind = SegmentKind.ToolCall },
            Expect.Object(("name", Expect.Streamed("function_name", SegmentKind.ToolCall)),
                ("arguments", Expect.Fragment("function_call", SegmentKind.ToolCall))))),
        ("annotations", OpenAiChatParts.Annotations),
        ("context", OpenAiChatParts.AzureContext),
        ("audio", new MediaObjectPlace(UninspectedKind.Audio, (_, _) => "audio/pcm16", "data", Expect.Object(
            ("data", Expect.Ignored),
            ("id", Expect.Envelope("audio.id")),
            ("transcript", Expect.Streamed("transcript", SegmentKind.Message)),
            ("expires_at", Expect.Scalar)))));

    public static Place Root { get; } = Answer("chat.completion", Choice(("message", Message)));

    public static Place Event { get; } = Answer("chat.completion.chunk", Choice(("delta", Delta), ("message", Message)));

    public static Place Answer(string type, Place choice) => Expect.Object(
        ("id", Expect.Envelope("id")),
        ("object", Expect.Word(type)),
        ("created", Expect.Scalar),
        ("model", Expect.Envelope("model")),
        ("system_fingerprint", Expect.Envelope("system_fingerprint")),
        ("service_tier", Expect.Word("auto", "default", "flex", "scale", "priority")),
        ("choices", Expect.Array(choice, PositionAxis.Choice)),
        ("usage", Expect.Figures()),
        ("prompt_filter_results", OpenAiChatParts.FilterResults),
        ("obfuscation", Expect.Padding),
        ("error", OpenAiChatParts.Error));

    public static Place Choice(params (string, Place)[] messages) => new ObjectPlace(
        [
            .. messages,
            ("index", Expect.Scalar),
            ("finish_reason", Expect.OneOf(FinishReason)),
            ("logprobs", Expect.Derived(messageOnly: false)),
            ("content_filter_results", OpenAiChatParts.FilterResults),
        ],
        OfChoice,
        rest: null);

    private static PlaceContext OfChoice(JsonWalk walk, int token, PlaceContext context) => context with
    {
        Role = SegmentRole.Assistant,
        Kind = SegmentKind.Message,
        Scope = walk.NewScope(),
        Position = walk.Integer(walk.Find(token, "index"u8)) is >= 0 and <= int.MaxValue and var index
            ? context.Position with { Choice = (int)index }
            : context.Position,
    };

    private static Place StreamedReasoning() => Expect.OneOf(
        Expect.Streamed("reasoning", SegmentKind.Reasoning), Expect.Tree(SegmentKind.Reasoning), Expect.Tree(SegmentKind.Reasoning));
}

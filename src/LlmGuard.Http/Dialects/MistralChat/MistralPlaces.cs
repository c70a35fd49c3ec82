using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.MistralChat;

/// <summary>Where the texts of a request, of an answer and of its stream events are.</summary>
internal static class MistralPlaces
{
    private static readonly Place Metadata = Expect.Text(SegmentKind.Metadata);

    private static readonly Place Message = Expect.Object(
        RoleOf.Message,
        ("role", Expect.Word(RoleOf.Words)),
        ("content", MistralParts.Content),
        ("name", Metadata),
        ("tool_call_id", Expect.Id),
        ("tool_calls", Expect.OneOf(Expect.Unknown, OpenAiChatParts.ToolCalls)),
        ("prefix", Expect.Scalar));

    private static readonly Place Answered = Expect.Object(
        ("role", Expect.Word(RoleOf.Words)),
        ("content", MistralParts.Content),
        ("tool_calls", Expect.OneOf(Expect.Unknown, OpenAiChatParts.ToolCalls)),
        ("prefix", Expect.Scalar));

    private static readonly Place Delta = Expect.Object(
        ("role", Expect.Word(RoleOf.Words)),
        ("content", Expect.StreamedAcross("content", Expect.OneOf(Expect.Part, Expect.Parts(MistralParts.Chunk, PositionAxis.Part)))),
        ("tool_calls", Expect.OneOf(Expect.Unknown, OpenAiChatParts.StreamedToolCalls)));

    public static Place Request { get; } = Expect.Object(
        ("model", Expect.Id),
        ("agent_id", Expect.ServerState),
        ("messages", Expect.Array(Message, PositionAxis.Message)),
        ("prompt", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain)),
        ("suffix", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain)),
        ("tools", OpenAiChatRequest.Tools),
        ("tool_choice", OpenAiChatRequest.ToolChoice),
        ("response_format", OpenAiChatRequest.ResponseFormat),
        ("prediction", OpenAiChatRequest.Prediction),
        ("stop", Expect.OneOf(Metadata, Expect.Array(Metadata))),
        ("metadata", Expect.Tree(SegmentKind.Metadata)),
        ("prompt_mode", Expect.Word("reasoning")),
        ("reasoning_effort", Expect.Word("none", "low", "medium", "high")),
        ("max_tokens", Expect.Scalar),
        ("min_tokens", Expect.Scalar),
        ("n", Expect.Scalar),
        ("frequency_penalty", Expect.Scalar),
        ("presence_penalty", Expect.Scalar),
        ("parallel_tool_calls", Expect.Scalar),
        ("random_seed", Expect.Scalar),
        ("safe_prompt", Expect.Scalar),
        ("stream", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("top_p", Expect.Scalar));

    public static Place Answer { get; } = OpenAiChatResponse.Answer(
        "chat.completion", OpenAiChatResponse.Choice(("message", Answered), ("messages", Expect.Array(Answered, PositionAxis.Message))));

    public static Place Event { get; } = OpenAiChatResponse.Answer(
        "chat.completion.chunk",
        OpenAiChatResponse.Choice(("delta", Delta), ("message", Answered), ("messages", Expect.Array(Answered, PositionAxis.Message))));
}

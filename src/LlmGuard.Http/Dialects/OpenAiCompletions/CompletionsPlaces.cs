using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.OpenAiCompletions;

/// <summary>Where the texts of a request, of an answer and of its stream events are.</summary>
internal static class CompletionsPlaces
{
    private static readonly Place Metadata = Expect.Text(SegmentKind.Metadata);

    public static Place Request { get; } = Expect.Object(
        ("model", Expect.Id),
        ("prompt", Expect.As(SegmentRole.User, SegmentKind.Message, new PromptPlace(Expect.Plain))),
        ("suffix", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain)),
        ("prompt_token_ids", new PromptPlace(Expect.Unknown)),
        ("stop", Expect.OneOf(Metadata, Expect.Array(Metadata))),
        ("user", Metadata),
        ("logit_bias", Expect.Tree(SegmentKind.Metadata)),
        ("stream_options", Expect.Object(("include_usage", Expect.Scalar), ("include_obfuscation", Expect.Scalar))),
        ("best_of", Expect.Scalar),
        ("echo", Expect.Scalar),
        ("frequency_penalty", Expect.Scalar),
        ("logprobs", Expect.Scalar),
        ("max_tokens", Expect.Scalar),
        ("n", Expect.Scalar),
        ("presence_penalty", Expect.Scalar),
        ("seed", Expect.Scalar),
        ("stream", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("top_p", Expect.Scalar));

    // The events of a stream are answers with a piece of the text each.
    private static readonly Place Choice = Expect.Object(
        static (walk, token, context) => context with
        {
            Role = SegmentRole.Assistant,
            Kind = SegmentKind.Message,
            Scope = walk.NewScope(),
            Position = walk.Integer(walk.Find(token, "index"u8)) is >= 0 and <= int.MaxValue and var index
                ? context.Position with { Choice = (int)index }
                : context.Position,
        },
        ("text", Expect.Streamed("text", SegmentKind.Message)),
        ("index", Expect.Scalar),
        ("logprobs", Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: false), Expect.Derived(messageOnly: false))),
        ("finish_reason", Expect.Word("stop", "length", "content_filter")),
        ("content_filter_results", OpenAiChatParts.FilterResults));

    public static Place Answer { get; } = Expect.Object(
        ("id", Expect.Envelope("id")),
        ("object", Expect.Word("text_completion")),
        ("created", Expect.Scalar),
        ("model", Expect.Envelope("model")),
        ("system_fingerprint", Expect.Envelope("system_fingerprint")),
        ("choices", Expect.Array(Choice, PositionAxis.Choice)),
        ("usage", Expect.Figures()),
        ("prompt_filter_results", OpenAiChatParts.FilterResults),
        ("obfuscation", Expect.Padding),
        ("error", OpenAiChatParts.Error));
}

using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>Where the texts of a response object are. It repeats much of its request.</summary>
internal static class ResponsesResponse
{
    private static readonly Place Metadata = Expect.Text(SegmentKind.Metadata);

    /// <summary>An error, whose sender is nobody in the conversation.</summary>
    public static Place Error { get; } = Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Tree(SegmentKind.Error));

    public static Place Root { get; } = Expect.As(SegmentRole.Assistant, SegmentKind.Message, Expect.Object(
        ("id", Expect.Envelope("id")),
        ("object", Expect.Word("response", "response.compaction", "response.input_tokens")),
        ("created_at", Expect.Scalar),
        ("completed_at", Expect.Scalar),
        ("status", Expect.Word("queued", "in_progress", "completed", "incomplete", "failed", "cancelled")),
        ("model", Expect.Envelope("model")),
        ("output", Expect.OneOf(Expect.Plain, Expect.Array(ResponsesItems.Sent, PositionAxis.Block))),
        ("output_text", Expect.Plain),
        ("error", Error),
        ("incomplete_details", Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Object(
            Expect.Tree(SegmentKind.Error), ("reason", new WordPlace(Expect.Plain, "max_output_tokens", "content_filter"))))),
        ("instructions", Expect.As(SegmentRole.System, SegmentKind.Message, Expect.OneOf(Expect.Plain, Expect.Array(ResponsesItems.Input)))),
        ("input", Expect.OneOf(
            Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain),
            Expect.Array(ResponsesItems.Input, PositionAxis.Message))),
        ("tools", ResponsesTools.Definitions),
        ("tool_choice", ResponsesTools.Choice),
        ("text", ResponsesTools.TextOptions),
        ("metadata", Expect.Tree(SegmentKind.Metadata)),
        ("user", Metadata),
        ("safety_identifier", Metadata),
        ("prompt_cache_key", Metadata),
        ("prompt_cache_retention", Expect.Word("in-memory", "in_memory", "24h")),
        ("previous_response_id", Expect.Id),
        ("conversation", Expect.Id),
        ("billing", Expect.Figures("developer", "openai")),
        ("reasoning", ResponsesOptions.Reasoning),
        ("truncation", ResponsesOptions.Truncation),
        ("service_tier", ResponsesOptions.ServiceTier),
        ("usage", Expect.Figures()),
        ("tool_usage", Expect.Figures()),
        ("moderation", Expect.OneOf(Expect.Plain, Expect.Tree(SegmentKind.Metadata), Expect.Tree(SegmentKind.Metadata))),
        ("content_filters", Expect.Tree(SegmentKind.Metadata)),
        ("max_output_tokens", Expect.Scalar),
        ("max_tool_calls", Expect.Scalar),
        ("parallel_tool_calls", Expect.Scalar),
        ("background", Expect.Scalar),
        ("store", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("top_logprobs", Expect.Scalar),
        ("top_p", Expect.Scalar),
        ("frequency_penalty", Expect.Scalar),
        ("presence_penalty", Expect.Scalar),
        ("input_tokens", Expect.Scalar)));
}

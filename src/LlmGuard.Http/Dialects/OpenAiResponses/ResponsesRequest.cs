using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>Where the texts of a request are.</summary>
internal static class ResponsesRequest
{
    private static readonly Place Metadata = Expect.Text(SegmentKind.Metadata);

    // The text of a stored prompt is the provider's; its variables are the caller's.
    private static readonly Place Prompt = Expect.OneOf(Expect.Unknown, item: Expect.Object(
        ("id", Expect.ServerState),
        ("version", Expect.Id),
        ("variables", Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Map(ResponsesParts.Content)))));

    public static Place Root { get; } = Expect.Object(
        ("model", Expect.Id),
        ("input", Expect.OneOf(
            Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain),
            Expect.Array(Expect.OneOf(Expect.As(SegmentRole.User, SegmentKind.Message, Expect.Plain), item: ResponsesItems.Input),
                PositionAxis.Message))),
        ("instructions", Expect.As(SegmentRole.System, SegmentKind.Message, ResponsesParts.Content)),
        ("tools", ResponsesTools.Definitions),
        ("tool_choice", ResponsesTools.Choice),
        ("text", ResponsesTools.TextOptions),
        ("prompt", Prompt),
        ("previous_response_id", Expect.ServerState),
        ("conversation", Expect.OneOf(Expect.ServerState, item: Expect.Object(("id", Expect.ServerState)))),
        ("metadata", Expect.Tree(SegmentKind.Metadata)),
        ("user", Metadata),
        ("safety_identifier", Metadata),
        ("prompt_cache_key", Metadata),
        ("prompt_cache_retention", Expect.Word("in-memory", "in_memory", "24h")),
        ("include", Expect.Array(Expect.Id)),
        ("reasoning", ResponsesOptions.Reasoning),
        ("truncation", ResponsesOptions.Truncation),
        ("service_tier", ResponsesOptions.ServiceTier),
        ("stream_options", Expect.Object(("include_obfuscation", Expect.Scalar))),
        ("context_management", Expect.Tree(SegmentKind.Metadata)),
        ("max_output_tokens", Expect.Scalar),
        ("max_tool_calls", Expect.Scalar),
        ("parallel_tool_calls", Expect.Scalar),
        ("background", Expect.Scalar),
        ("store", Expect.Scalar),
        ("stream", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("top_logprobs", Expect.Scalar),
        ("top_p", Expect.Scalar));
}

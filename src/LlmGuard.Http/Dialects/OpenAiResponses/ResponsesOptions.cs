using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>Options without text, which requests state and answers echo.</summary>
internal static class ResponsesOptions
{
    private static readonly Place Summary = Expect.Word("auto", "concise", "detailed");

    public static Place Reasoning { get; } = Expect.OneOf(Expect.Unknown, item: Expect.Object(
        ("effort", Expect.Word("none", "minimal", "low", "medium", "high", "xhigh")), ("summary", Summary), ("generate_summary", Summary)));

    public static Place Truncation { get; } = Expect.Word("auto", "disabled");

    public static Place ServiceTier { get; } = Expect.Word("auto", "default", "flex", "scale", "priority");
}

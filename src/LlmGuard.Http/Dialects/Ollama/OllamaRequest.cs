using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Ollama;

/// <summary>Where the texts of requests are.</summary>
internal static class OllamaRequest
{
    private static readonly Place Message = Expect.Object(
        RoleOf.Message,
        ("role", Expect.Word(RoleOf.Words)),
        ("content", Expect.Plain),
        ("thinking", Expect.Text(SegmentKind.Reasoning)),
        ("images", OllamaParts.Images),
        ("tool_calls", OllamaParts.ToolCalls),
        ("tool_name", Expect.Text(SegmentKind.Metadata)),
        ("tool_call_id", Expect.Id));

    private static readonly Place Tools =
        Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.OneOf(Expect.Plain, Expect.Array(Expect.Object(
        (walk, token, context) => context with { Name = walk.String(walk.FindPath(token, "function"u8, "name"u8)) },
        ("type", Expect.Word("function")),
        ("function", Expect.Tree(SegmentKind.ToolDefinition))))));

    public static Place Chat { get; } = Root(
        ("messages", Expect.Array(Message, PositionAxis.Message)),
        ("tools", Tools),
        ("format", OllamaParts.Format));

    public static Place Generate { get; } = Root(
        ("prompt", OfUser(Expect.Plain)),
        ("suffix", OfUser(Expect.Plain)),
        ("system", OfSystem(Expect.Plain)),
        ("template", OfSystem(Expect.Plain)),
        ("images", OfUser(OllamaParts.Images)),
        ("context", Expect.OneOf(Expect.Unknown, Expect.TokenIds)),
        ("format", OllamaParts.Format),
        ("raw", Expect.Scalar),
        ("width", Expect.Scalar),
        ("height", Expect.Scalar),
        ("steps", Expect.Scalar));

    /// <summary>Embedding, by the new name and the old.</summary>
    public static Place Embed { get; } = Root(
        ("input", OfUser(Expect.OneOf(Expect.Plain, Expect.Array(Expect.Plain, PositionAxis.Message)))),
        ("prompt", OfUser(Expect.Plain)),
        ("dimensions", Expect.Scalar));

    private static Place Root(params (string, Place)[] members) => Expect.Object(
    [
        .. members,
        ("model", Expect.Id),
        ("stream", Expect.Scalar),
        ("think", Expect.OneOf(Expect.Word("low", "medium", "high"))),
        ("truncate", Expect.Scalar),
        ("shift", Expect.Scalar),
        ("keep_alive", Expect.Id),
        ("logprobs", Expect.Scalar),
        ("top_logprobs", Expect.Scalar),
        ("options", OllamaParts.Options),
    ]);

    private static Place OfUser(Place place) => Expect.As(SegmentRole.User, SegmentKind.Message, place);

    private static Place OfSystem(Place place) => Expect.As(SegmentRole.System, SegmentKind.Message, place);
}

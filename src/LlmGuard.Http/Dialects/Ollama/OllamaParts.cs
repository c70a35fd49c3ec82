using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.Ollama;

/// <summary>What Ollama's requests and answers have in common.</summary>
internal static class OllamaParts
{
    /// <summary>Images in base64 without a media type.</summary>
    public static Place Images { get; } = Expect.OneOf(Expect.Unknown, Expect.Array(new Base64Place(UninspectedKind.Image)));

    /// <summary>Calls to tools; their arguments are an object, from some models a string.</summary>
    public static Place ToolCalls { get; } = Expect.OneOf(Expect.Unknown, Expect.Array(
        Expect.Object(
            (walk, token, context) =>
                context with { Kind = SegmentKind.ToolCall, Join = -1, Name = walk.String(walk.FindPath(token, "function"u8, "name"u8)) },
            ("id", Expect.Id),
            ("type", Expect.Word("function")),
            ("function", Expect.Object(
                ("index", Expect.Scalar),
                ("name", Expect.Plain),
                ("description", Expect.Plain),
                ("arguments", Expect.Json(SegmentKind.ToolCall))))),
        PositionAxis.Block));

    /// <summary>Log-probabilities repeat the text token by token.</summary>
    public static Place Logprobs { get; } = Expect.OneOf(Expect.Unknown, Expect.Derived(messageOnly: false), Expect.Derived(messageOnly: false));

    public static Place Error { get; } = Expect.As(SegmentRole.Unknown, SegmentKind.Error, Expect.Tree(SegmentKind.Error));

    /// <summary>A schema that answers keep to, or the word that asks for any JSON.</summary>
    public static Place Format { get; } = Expect.As(SegmentRole.System, SegmentKind.ToolDefinition, Expect.Tree(SegmentKind.ToolDefinition));

    public static Place Options { get; } = Expect.Object(
        Expect.Figures(), ("stop", Expect.OneOf(Expect.Text(SegmentKind.Metadata), Expect.Array(Expect.Text(SegmentKind.Metadata)))));
}

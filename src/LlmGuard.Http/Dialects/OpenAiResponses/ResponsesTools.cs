using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>Tool definitions and the answer's format, which requests state and answers echo.</summary>
internal static class ResponsesTools
{
    // What tools authenticate with is never a segment.
    private static readonly Place NetworkPolicy = Expect.Object(
        Expect.Tree(SegmentKind.ToolDefinition),
        ("type", Expect.Plain),
        ("allowed_domains", Expect.Tree(SegmentKind.ToolDefinition)),
        ("domain_secrets", Expect.Array(Expect.Object(
            Expect.Tree(SegmentKind.ToolDefinition), ("domain", Expect.Plain), ("name", Expect.Plain), ("value", Expect.Ignored)))));

    private static readonly Place Container = Expect.OneOf(Expect.ServerState, item: Expect.Object(
        Expect.Tree(SegmentKind.ToolDefinition),
        ("type", Expect.Plain),
        ("container_id", Expect.ServerState),
        ("file_ids", Expect.OneOf(Expect.Unknown, Expect.Array(Expect.FileId))),
        ("network_policy", NetworkPolicy)));

    private static readonly Place Tool = Expect.In(
        static (walk, token, context) => context with { Name = walk.String(walk.Find(token, "name"u8)) },
        Expect.Object(
            Expect.Tree(SegmentKind.ToolDefinition),
            ("type", Expect.Plain),
            ("name", Expect.Plain),
            ("description", Expect.Plain),
            ("parameters", Expect.Tree(SegmentKind.ToolDefinition)),
            ("strict", Expect.Scalar),
            ("defer_loading", Expect.Scalar),
            ("server_label", Expect.Plain),
            ("server_description", Expect.Plain),
            ("server_url", Expect.ServerState),
            ("connector_id", Expect.ServerState),
            ("authorization", Expect.Ignored),
            ("headers", Expect.Ignored),
            ("vector_store_ids", Expect.OneOf(Expect.Unknown, Expect.Array(Expect.ServerState))),
            ("container", Container),
            ("environment", Container),
            ("tools", Expect.OneOf(Expect.Unknown, Expect.Array(new DeferredPlace(static () => Tool!))))));

    public static Place Definitions { get; } = OfTools(Expect.OneOf(Expect.Unknown, Expect.Array(Tool)));

    public static Place Choice { get; } = OfTools(Expect.OneOf(
        Expect.Word("none", "auto", "required"), item: Expect.Tree(SegmentKind.ToolDefinition)));

    /// <summary>The <c>text</c> member: how the answer is to look.</summary>
    public static Place TextOptions { get; } = Expect.Object(
        ("verbosity", Expect.Word("low", "medium", "high")),
        ("format", Expect.As(SegmentRole.System, SegmentKind.ToolDefinition, Expect.Object(
            ("type", Expect.Word("text", "json_object", "json_schema")),
            ("name", Expect.Plain),
            ("description", Expect.Plain),
            ("schema", Expect.Tree(SegmentKind.ToolDefinition)),
            ("strict", Expect.Scalar)))));

    private static Place OfTools(Place place) => Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, place);
}

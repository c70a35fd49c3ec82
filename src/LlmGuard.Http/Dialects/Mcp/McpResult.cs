using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.Mcp;

/// <summary>
/// Where the texts of a result are. A result does not say what it is the result of, so one table knows the members of all; the three whose
/// <c>content</c> is alike are told apart by what else they have.
/// </summary>
internal static class McpResult
{
    private static readonly Place Meta = Expect.Tree(SegmentKind.Metadata);

    private static readonly Place Definitions = Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Tree(SegmentKind.ToolDefinition));

    private static readonly Place Answers = Expect.OneOf(Expect.Plain, Expect.Tree(SegmentKind.Message), Expect.Tree(SegmentKind.Message));

    public static Place Root { get; } =
        Expect.OneOf(Expect.As(SegmentRole.Tool, SegmentKind.ToolResult, Expect.Tree(SegmentKind.ToolResult)), item: Expect.Object(
        OfResult,
        ("content", new ResultContentPlace(McpContent.Content, Answers)),
        ("structuredContent", Expect.Tree(SegmentKind.ToolResult)),
        ("isError", Expect.Scalar),
        ("action", Expect.Word("accept", "decline", "cancel")),
        ("role", Expect.Word(RoleOf.Words)),
        ("model", Expect.Id),
        ("stopReason", Expect.Word("endTurn", "stopSequence", "maxTokens", "toolUse")),
        ("tools", Definitions),
        ("prompts", Definitions),
        ("resources", Definitions),
        ("resourceTemplates", Definitions),
        ("roots", Meta),
        ("nextCursor", Expect.Id),
        ("protocolVersion", Expect.Id),
        ("supportedVersions", Meta),
        ("capabilities", Meta),
        ("serverInfo", Expect.As(SegmentRole.System, SegmentKind.Metadata, Meta)),
        ("instructions", Expect.As(SegmentRole.System, SegmentKind.Message, Expect.Plain)),
        ("description", Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, Expect.Plain)),
        ("messages", Expect.OneOf(Expect.Unknown, Expect.Array(McpContent.Message, PositionAxis.Message))),
        ("contents", Expect.As(SegmentRole.Tool, SegmentKind.Document, Expect.OneOf(Expect.Plain, Expect.Array(McpContent.Resource)))),
        ("completion", Expect.Object(("values", Expect.OneOf(Expect.Plain, Expect.Array(Expect.Plain))),
            ("total", Expect.Scalar), ("hasMore", Expect.Scalar))),
        ("inputRequests", Requests()),
        ("requestState", Expect.ServerState),
        ("resultType", Expect.Word("complete", "input_required", "task")),
        ("_meta", Meta)));

    private static PlaceContext OfResult(JsonWalk walk, int token, PlaceContext context) =>
        walk.Find(token, "action"u8) >= 0 ? context with { Role = SegmentRole.User, Kind = SegmentKind.Message }
        : walk.Find(token, "role"u8) >= 0 ? context with { Role = RoleOf.Of(walk, token), Kind = SegmentKind.Message }
        : context with { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult };

    // What a server wants of its client before it goes on: requests, by names of its own or as a list.
    private static Place Requests()
    {
        var request = new DeferredPlace(static () => McpMessage.Request);
        return Expect.OneOf(Expect.Unknown, Expect.Array(request), Expect.Map(request));
    }

    /// <summary>Content blocks, or what a user filled in under names of the server's.</summary>
    private sealed class ResultContentPlace(Place blocks, Place answers) : Place
    {
        public override void Visit(JsonWalk walk, int token, in PlaceContext context) =>
            (context.Role == SegmentRole.User && context.Kind == SegmentKind.Message && walk.Find(token, "type"u8) < 0
                ? answers
                : blocks).Visit(walk, token, context);
    }
}

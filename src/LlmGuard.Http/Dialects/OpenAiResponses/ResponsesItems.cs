using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>Items, which are the same in <c>input</c>, <c>output</c> and stream events.</summary>
internal static class ResponsesItems
{
    private static readonly Place Status =
        Expect.Word("in_progress", "completed", "incomplete", "failed", "searching", "interpreting", "calling", "generating");

    private static readonly Place Results = OfTool(Expect.Tree(SegmentKind.ToolResult));

    private static readonly Place Output = OfTool(Expect.OneOf(ResponsesParts.Content, item: Expect.Union(
        Expect.Tree(SegmentKind.ToolResult), ("computer_screenshot", ResponsesParts.Part), ("input_image", ResponsesParts.Part))));

    private static readonly Place Logs = OfTool(Expect.OneOf(Expect.Unknown, Expect.Array(Expect.Union(
        Expect.Tree(SegmentKind.ToolResult),
        ("logs", Expect.Object(("type", Expect.Ignored), ("logs", Expect.Plain))),
        ("image", Expect.Object(("type", Expect.Ignored), ("url", Expect.Url(UninspectedKind.Image))))))));

    private static readonly Place Message = Item(
        OfMessage,
        ("type", Expect.Word("message")),
        ("content", ResponsesParts.Content),
        ("text", Expect.Plain),
        ("phase", Expect.Word("commentary", "final_answer")));

    /// <summary>The items a caller sends: reasoning that comes with its encrypted twin must come back as it was.</summary>
    public static Place Input { get; } = Items(static (walk, token, context) => Reasoned(context) with
    {
        Editability = walk.IsPresent(walk.Find(token, "encryptedcontent"u8)) ? Editability.Signed : Editability.Span,
    });

    /// <summary>The items a model sends.</summary>
    public static Place Sent { get; } = Items(static (_, _, context) => Reasoned(context));

    private static Place Items(ContextOf ofReasoning) => Expect.Union(
        Message,
        ("message", Message),
        ("function_call", Call(("arguments", Expect.Json(SegmentKind.ToolCall)), ("namespace", Expect.Plain))),
        ("function_call_output", Result(("output", Output))),
        ("custom_tool_call", Call(("input", Expect.Plain), ("namespace", Expect.Plain))),
        ("custom_tool_call_output", Result(("output", Output))),
        ("reasoning", Item(
            ofReasoning,
            ("summary", ResponsesParts.Content),
            ("content", ResponsesParts.Content),
            ("encrypted_content", Expect.Encrypted))),
        ("compaction", Item(static (_, _, c) => Reasoned(c), ("encrypted_content", Expect.Encrypted))),
        ("mcp_call", Call(
            ("arguments", Expect.Json(SegmentKind.ToolCall)),
            ("output", Output),
            ("error", Results),
            ("server_label", Expect.Plain),
            ("approval_request_id", Expect.Id))),
        ("mcp_list_tools", Result(("server_label", Expect.Plain), ("error", Results), ("tools", ResponsesTools.Definitions))),
        ("mcp_approval_request", Call(("arguments", Expect.Json(SegmentKind.ToolCall)), ("server_label", Expect.Plain))),
        ("mcp_approval_response", Item(
            static (_, _, c) => c with { Role = SegmentRole.User, Kind = SegmentKind.Message },
            ("approval_request_id", Expect.Id),
            ("approve", Expect.Scalar),
            ("reason", Expect.Plain))),
        ("code_interpreter_call", Call(("code", Expect.Plain), ("container_id", Expect.Id), ("outputs", Logs))),
        ("file_search_call", Call(("queries", Expect.Tree(SegmentKind.ToolCall)), ("results", Results))),
        ("web_search_call", Call(("action", Expect.Tree(SegmentKind.ToolCall)), ("results", Results))),
        ("local_shell_call", Call(("action", Expect.Tree(SegmentKind.ToolCall)))),
        ("local_shell_call_output", Result(("output", Output))),
        ("shell_call", Call(("action", Expect.Tree(SegmentKind.ToolCall)), ("environment", Expect.Tree(SegmentKind.ToolCall)))),
        ("shell_call_output", Result(("output", Results), ("max_output_length", Expect.Scalar))),
        ("apply_patch_call", Call(("operation", Expect.Tree(SegmentKind.ToolCall)))),
        ("apply_patch_call_output", Result(("output", Output))),
        ("computer_call", Call(
            ("action", Expect.Tree(SegmentKind.ToolCall)),
            ("actions", Expect.Tree(SegmentKind.ToolCall)),
            ("pending_safety_checks", Expect.Tree(SegmentKind.ToolCall)))),
        ("computer_call_output", Result(("output", Output), ("acknowledged_safety_checks", Results))),
        ("image_generation_call", new MediaObjectPlace(
            UninspectedKind.Image,
            static (_, _) => "image/png",
            "result",
            Call(("result", Expect.Ignored), ("revised_prompt", Expect.Plain)))),
        ("tool_search_call", Call(("arguments", Expect.Json(SegmentKind.ToolCall)), ("execution", Expect.Word("server", "client")))),
        ("tool_search_output", Result(("tools", ResponsesTools.Definitions), ("execution", Expect.Word("server", "client")))),
        ("additional_tools", Result(("tools", ResponsesTools.Definitions), ("role", Expect.Word(RoleOf.Words)))),
        ("program", Call(("code", Expect.Plain), ("fingerprint", Expect.Id))),
        ("program_output", Result(("result", Output))),
        ("item_reference", Expect.Object(("type", Expect.Ignored), ("id", Expect.ServerState))));

    private static ObjectPlace Call(params (string, Place)[] members) => Item(
        static (walk, token, context) => context with
        {
            Role = SegmentRole.Assistant,
            Kind = SegmentKind.ToolCall,
            Name = walk.String(walk.Find(token, "name"u8)),
        },
        [.. members, ("name", Expect.Plain)]);

    private static ObjectPlace Result(params (string, Place)[] members) => Item(
        static (_, _, context) => context with { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult }, members);

    private static ObjectPlace Item(ContextOf enter, params (string Name, Place Place)[] members)
    {
        (string Name, Place Place)[] common =
        [
            ("type", Expect.Ignored),
            ("id", Expect.Id),
            ("call_id", Expect.Id),
            ("status", Status),
            ("role", Expect.Word(RoleOf.Words)),
            ("created_by", Expect.Id),
        ];
        return new ObjectPlace([.. members, .. common.ExceptBy(members.Select(m => m.Name), c => c.Name)], enter, rest: null);
    }

    // An item without a type is a message; one of an unknown type is nobody knows what.
    private static PlaceContext OfMessage(JsonWalk walk, int token, PlaceContext context)
    {
        var type = walk.Find(token, "type"u8);
        return context with
        {
            Role = RoleOf.Of(walk, token),
            Kind = type < 0 || walk.Is(type, "message"u8) ? SegmentKind.Message : SegmentKind.Unknown,
        };
    }

    private static PlaceContext Reasoned(PlaceContext context) => context with { Role = SegmentRole.Assistant, Kind = SegmentKind.Reasoning };

    private static Place OfTool(Place place) => Expect.As(SegmentRole.Tool, SegmentKind.ToolResult, place);
}

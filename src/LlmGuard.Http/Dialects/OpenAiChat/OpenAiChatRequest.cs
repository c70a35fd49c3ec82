using LlmGuard.Http.Dialects.Places;

namespace LlmGuard.Http.Dialects.OpenAiChat;

/// <summary>Where the texts of a request are.</summary>
internal static class OpenAiChatRequest
{
    private static readonly Place Message = Expect.Object(
        RoleOf.Message,
        ("role", Expect.Word(RoleOf.Words)),
        ("content", OpenAiChatParts.Content),
        ("refusal", Expect.Text(SegmentKind.Refusal)),
        ("name", Expect.Text(SegmentKind.Metadata)),
        ("tool_call_id", Expect.Id),
        ("tool_calls", Expect.OneOf(Expect.Unknown, OpenAiChatParts.ToolCalls)),
        ("function_call", OpenAiChatParts.FunctionCall),
        ("reasoning_content", OpenAiChatParts.ReasoningText),
        ("reasoning", OpenAiChatParts.ReasoningText),
        ("reasoning_details", OpenAiChatParts.ReasoningDetails),
        ("annotations", OpenAiChatParts.Annotations),
        ("context", OpenAiChatParts.AzureContext),
        ("audio", Expect.Object(("id", new IdentifierPlace(null, UninspectedKind.Audio)))));

    private static readonly Place Function = Expect.Object(
        ("name", Expect.Plain),
        ("description", Expect.Plain),
        ("parameters", Expect.Tree(SegmentKind.ToolDefinition)),
        ("strict", Expect.Scalar));

    private static readonly Place Tool = Expect.Object(
        (walk, token, context) => context with { Name = walk.String(walk.FindPath(token, "function"u8, "name"u8)) },
        ("type", Expect.Word("function", "custom")),
        ("function", Function),
        ("custom", Expect.Object(
            ("name", Expect.Plain),
            ("description", Expect.Plain),
            ("format", Expect.Object(
                ("type", Expect.Word("text", "grammar")),
                ("grammar", Expect.Object(("syntax", Expect.Word("lark", "regex")), ("definition", Expect.Plain))))))));

    private static readonly Place NamedTool = Expect.Object(
        ("type", Expect.Word("function", "custom", "allowed_tools")),
        ("name", Expect.Plain),
        ("function", Expect.Object(("name", Expect.Plain))),
        ("custom", Expect.Object(("name", Expect.Plain))));

    private static readonly Place Metadata = Expect.Text(SegmentKind.Metadata);

    // Azure's "on your data": what the service authenticates with is never a segment.
    private static readonly Place DataSource = Expect.Object(
        Expect.Tree(SegmentKind.Metadata),
        ("type", Metadata),
        ("parameters", Expect.OneOf(Metadata, item: Expect.Object(
            Expect.Tree(SegmentKind.Metadata),
            ("authentication", Expect.Ignored),
            ("role_information", Expect.As(SegmentRole.System, SegmentKind.Message, Expect.Plain))))));

    public static Place Tools { get; } = OfTools(Expect.Array(Tool));

    public static Place ToolChoice { get; } = OfTools(Expect.OneOf(Expect.Word("none", "auto", "any", "required"), item: NamedTool));

    public static Place ResponseFormat { get; } = Expect.As(SegmentRole.System, SegmentKind.ToolDefinition, Expect.Object(
        ("type", Expect.Word("text", "json_object", "json_schema")),
        ("json_schema", Expect.Object(
            ("name", Expect.Plain),
            ("description", Expect.Plain),
            ("schema", Expect.Tree(SegmentKind.ToolDefinition)),
            ("strict", Expect.Scalar)))));

    /// <summary>What the caller expects the answer to be, such as the document it changes.</summary>
    public static Place Prediction { get; } = Expect.As(SegmentRole.Assistant, SegmentKind.Message, Expect.Object(
        ("type", Expect.Word("content")), ("content", OpenAiChatParts.Content)));

    public static Place Root { get; } = Expect.Object(
        ("messages", Expect.Array(Message, PositionAxis.Message)),
        ("model", Expect.Id),
        ("tools", Tools),
        ("functions", OfTools(Expect.Array(Function))),
        ("tool_choice", ToolChoice),
        ("function_call", OfTools(Expect.OneOf(Expect.Word("none", "auto"), item: NamedTool))),
        ("response_format", ResponseFormat),
        ("prediction", Prediction),
        ("stop", Expect.OneOf(Metadata, Expect.Array(Metadata))),
        ("metadata", Expect.Tree(SegmentKind.Metadata)),
        ("user", Metadata),
        ("safety_identifier", Metadata),
        ("prompt_cache_key", Metadata),
        ("web_search_options", Expect.Object(
            ("search_context_size", Expect.Word("low", "medium", "high")),
            ("user_location", Expect.Object(
                ("type", Expect.Word("approximate")),
                ("approximate", Expect.Object(("country", Metadata), ("region", Metadata), ("city", Metadata), ("timezone", Metadata))))))),
        ("data_sources", Expect.OneOf(Expect.Unknown, Expect.Array(DataSource))),
        ("logit_bias", Expect.Tree(SegmentKind.Metadata)),
        ("modalities", Expect.Array(Expect.Word("text", "audio"))),
        ("audio", Expect.Object(("voice", Metadata), ("format", Expect.Word("wav", "mp3", "flac", "opus", "pcm16", "aac")))),
        ("reasoning_effort", Expect.Word("none", "minimal", "low", "medium", "high", "xhigh")),
        ("verbosity", Expect.Word("low", "medium", "high")),
        ("service_tier", Expect.Word("auto", "default", "flex", "scale", "priority")),
        ("stream_options", Expect.Object(("include_usage", Expect.Scalar), ("include_obfuscation", Expect.Scalar))),
        ("previous_response_id", Expect.ServerState),
        ("conversation", Expect.ServerState),
        ("prompt_token_ids", Expect.TokenIds),
        ("stream", Expect.Scalar),
        ("store", Expect.Scalar),
        ("background", Expect.Scalar),
        ("n", Expect.Scalar),
        ("seed", Expect.Scalar),
        ("temperature", Expect.Scalar),
        ("top_p", Expect.Scalar),
        ("max_tokens", Expect.Scalar),
        ("max_completion_tokens", Expect.Scalar),
        ("frequency_penalty", Expect.Scalar),
        ("presence_penalty", Expect.Scalar),
        ("logprobs", Expect.Scalar),
        ("top_logprobs", Expect.Scalar),
        ("parallel_tool_calls", Expect.Scalar));

    private static Place OfTools(Place place) => Expect.As(SegmentRole.Tool, SegmentKind.ToolDefinition, place);
}

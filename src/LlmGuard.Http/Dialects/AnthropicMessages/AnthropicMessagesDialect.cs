using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.AnthropicMessages;

/// <summary>Anthropic messages, token counting included.</summary>
internal sealed class AnthropicMessagesDialect : Dialect
{
    public override string Id => "anthropic.messages";

    public override bool Serves(ReadOnlySpan<string> path) =>
        DialectPath.EndsWith(path, "v1", "messages") || DialectPath.EndsWith(path, "v1", "messages", "count_tokens");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        (members.ContainsKey("messages") && (members.ContainsKey("anthropicversion")
            || (members.ContainsKey("system") && members.ContainsKey("maxtokens"))))
        || (members.ContainsKey("content") && members.GetValueOrDefault("type") == "message");

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => AnthropicRequest.Root,
        JsonDirection.Response => AnthropicResponse.Root,
        _ => AnthropicResponse.Event,
    };

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        var facts = CallFacts.Of(walk);
        if (direction != JsonDirection.Request)
        {
            var nested = walk.FindPath(0, "message"u8, "usage"u8);
            return facts with
            {
                Model = facts.Model ?? walk.String(walk.FindPath(0, "message"u8, "model"u8)),
                Usage = UsageOf(walk, nested >= 0 ? nested : walk.Find(0, "usage"u8)),
            };
        }

        return facts with
        {
            Messages = walk.CountOf(walk.Find(0, "messages"u8)),
            CreatesServerState = walk.IsPresent(walk.Find(0, "container"u8))
                || walk.CountOf(walk.Find(0, "mcpservers"u8)) > 0
                || ServerTools.Any(walk, IsServerTool),
        };
    }

    public override bool TryChange(RequestChange change, RequestMembers members) =>
        CommonChanges.WhereUsageIsAlwaysReported(change, members, "max_tokens");

    public override DialectAnswer Error(RefusedCall call) => AnthropicRefusal.Error(call);

    public override DialectAnswer Completion(RefusedCall call) => AnthropicRefusal.Completion(call);

    public override IStreamEnding NewEnding() => new AnthropicEnding();

    // Their names carry a date: web_search_20250305.
    private static bool IsServerTool(string type) =>
        type.StartsWith("web_search_", StringComparison.Ordinal) || type.StartsWith("web_fetch_", StringComparison.Ordinal)
        || type.StartsWith("code_execution_", StringComparison.Ordinal) || type.StartsWith("tool_search_", StringComparison.Ordinal)
        || type.StartsWith("mcp_toolset", StringComparison.Ordinal) || type.StartsWith("advisor_", StringComparison.Ordinal);

    private static TokenUsage? UsageOf(JsonWalk walk, int usage)
    {
        if (usage < 0 || walk.Tape[usage].Kind != JsonTokenKind.Object)
        {
            return null;
        }

        var cached = walk.Integer(walk.Find(usage, "cachereadinputtokens"u8));
        var created = walk.Integer(walk.Find(usage, "cachecreationinputtokens"u8));
        var input = walk.Integer(walk.Find(usage, "inputtokens"u8));
        var output = walk.Integer(walk.Find(usage, "outputtokens"u8));
        var read = input is null ? null : input + (cached ?? 0) + (created ?? 0);
        return new TokenUsage(read, output, read + output, cached, walk.Integer(walk.FindPath(usage, "outputtokensdetails"u8, "thinkingtokens"u8)));
    }
}

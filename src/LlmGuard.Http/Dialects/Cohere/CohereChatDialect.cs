using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>Cohere's chat, second version.</summary>
internal sealed class CohereChatDialect : Dialect
{
    public override string Id => "cohere.v2_chat";

    public override bool Serves(ReadOnlySpan<string> path) => DialectPath.EndsWith(path, "v2", "chat");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        members.ContainsKey("message") && members.ContainsKey("finishreason") && members.ContainsKey("usage");

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => CohereChatRequest.Root,
        JsonDirection.Response => CohereChatResponse.Root,
        _ => CohereChatResponse.Event,
    };

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        if (direction == JsonDirection.Request)
        {
            return CallFacts.Of(walk) with { Messages = walk.CountOf(walk.Find(0, "messages"u8)) };
        }

        var nested = walk.FindPath(0, "delta"u8, "usage"u8);
        return new CallFacts { Usage = UsageOf(walk, nested >= 0 ? nested : walk.Find(0, "usage"u8)) };
    }

    public override bool TryChange(RequestChange change, RequestMembers members) =>
        CommonChanges.WhereUsageIsAlwaysReported(change, members, "max_tokens");

    public override DialectAnswer Error(RefusedCall call) => CohereRefusal.Error(call);

    public override DialectAnswer Completion(RefusedCall call) => CohereRefusal.Completion(call);

    public override IStreamEnding NewEnding() => new CohereEnding();

    /// <summary>Usage as both versions report it: tokens the model saw, else those that were billed.</summary>
    public static TokenUsage? UsageOf(JsonWalk walk, int usage)
    {
        var tokens = walk.Find(usage, "tokens"u8);
        tokens = tokens >= 0 ? tokens : walk.Find(usage, "billedunits"u8);
        if (tokens < 0)
        {
            return null;
        }

        var input = walk.Integer(walk.Find(tokens, "inputtokens"u8));
        var output = walk.Integer(walk.Find(tokens, "outputtokens"u8));
        return new TokenUsage(input, output, input + output, walk.Integer(walk.Find(usage, "cachedtokens"u8)));
    }
}

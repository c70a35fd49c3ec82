using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Cohere;

/// <summary>Cohere's chat, first version.</summary>
internal sealed class CohereFirstChatDialect : Dialect
{
    public override string Id => "cohere.v1_chat";

    public override bool Serves(ReadOnlySpan<string> path) => DialectPath.EndsWith(path, "v1", "chat");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        (members.ContainsKey("message") && (members.ContainsKey("chathistory")
            || members.ContainsKey("preamble") || members.ContainsKey("connectors")))
        || (members.ContainsKey("text") && members.ContainsKey("generationid"))
        || (members.ContainsKey("eventtype") && members.ContainsKey("isfinished"));

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => CohereFirstChatRequest.Root,
        JsonDirection.Response => CohereFirstChatResponse.Root,
        _ => CohereFirstChatResponse.Event,
    };

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        if (direction == JsonDirection.Request)
        {
            return CallFacts.Of(walk) with
            {
                Messages = walk.CountOf(walk.Find(0, "chathistory"u8)) + (walk.IsPresent(walk.Find(0, "message"u8)) ? 1 : 0),

                // Connectors act on the provider's side; a conversation is kept there.
                CreatesServerState = walk.IsPresent(walk.Find(0, "conversationid"u8)) || walk.CountOf(walk.Find(0, "connectors"u8)) > 0,
            };
        }

        var response = walk.Find(0, "response"u8);
        return new CallFacts { Usage = CohereChatDialect.UsageOf(walk, walk.Find(response >= 0 ? response : 0, "meta"u8)) };
    }

    public override bool TryChange(RequestChange change, RequestMembers members) =>
        CommonChanges.WhereUsageIsAlwaysReported(change, members, "max_tokens");

    public override DialectAnswer Error(RefusedCall call) => CohereRefusal.Error(call);

    public override DialectAnswer Completion(RefusedCall call) => CohereRefusal.FirstCompletion(call);

    public override IStreamEnding NewEnding() => new CohereFirstEnding();
}

using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiChat;

/// <summary>OpenAI chat completions, Azure's paths for them, and the many servers that speak the same.</summary>
internal sealed class OpenAiChatDialect : Dialect
{
    private static readonly OpenAiChatRefusal Refusal = new("content_filter", hasRefusal: true);

    public override string Id => "openai.chat_completions";

    // Behind any prefix: /v1, /openai/v1, /openai/deployments/{name}, /api/v1, or none.
    public override bool Serves(ReadOnlySpan<string> path) => DialectPath.EndsWith(path, "chat", "completions");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        (members.ContainsKey("messages") && !members.ContainsKey("inferenceconfig"))
        || (members.ContainsKey("choices") && members.GetValueOrDefault("object") is "chat.completion" or "chat.completion.chunk");

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => OpenAiChatRequest.Root,
        JsonDirection.Response => OpenAiChatResponse.Root,
        _ => OpenAiChatResponse.Event,
    };

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        var facts = CallFacts.Of(walk);
        if (direction != JsonDirection.Request)
        {
            return facts with { Usage = CommonUsage.OpenAi(walk) };
        }

        return facts with
        {
            Messages = walk.CountOf(walk.Find(0, "messages"u8)),
            CreatesServerState = walk.IsTrue(walk.Find(0, "store"u8))
                || walk.IsTrue(walk.Find(0, "background"u8))
                || walk.IsPresent(walk.Find(0, "websearchoptions"u8))
                || walk.IsPresent(walk.Find(0, "conversation"u8))
                || walk.IsPresent(walk.Find(0, "previousresponseid"u8)),
        };
    }

    public override bool TryChange(RequestChange change, RequestMembers members) => change switch
    {
        RequestChange.Model model => CommonChanges.Model(model, members),
        RequestChange.MaxTokens limit => CommonChanges.MaxTokens(limit, members, "max_completion_tokens", "max_tokens"),
        RequestChange.ReportUsage => CommonChanges.IncludeUsage(members),
        _ => false,
    };

    public override DialectAnswer Error(RefusedCall call) => CommonErrors.OpenAi(call);

    public override DialectAnswer Completion(RefusedCall call) => Refusal.Of(call);

    public override IStreamEnding NewEnding() => new OpenAiChatEnding("content_filter");
}

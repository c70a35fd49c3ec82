using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.MistralChat;

/// <summary>Mistral's chat, fill-in-the-middle and agent completions.</summary>
/// <remarks>
/// Its chat has the path of OpenAI's, and is read as that unless the policy says otherwise: nothing is unread, but chunks that only Mistral has are
/// of unknown kind.
/// </remarks>
internal sealed class MistralChatDialect : Dialect
{
    // Mistral has no word for filtered answers.
    private static readonly OpenAiChatRefusal Refusal = new("stop", hasRefusal: false);

    public override string Id => "mistral.chat";

    public override bool Serves(ReadOnlySpan<string> path) =>
        DialectPath.IsOfApi(path, "fim", "completions") || DialectPath.IsOfApi(path, "agents", "completions");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        (members.ContainsKey("messages") && (members.ContainsKey("agentid")
            || members.ContainsKey("safeprompt") || members.ContainsKey("randomseed")))
        || (members.ContainsKey("prompt") && members.ContainsKey("suffix") && members.ContainsKey("randomseed"));

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => MistralPlaces.Request,
        JsonDirection.Response => MistralPlaces.Answer,
        _ => MistralPlaces.Event,
    };

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        var facts = CallFacts.Of(walk);
        return direction == JsonDirection.Request
            ? facts with
            {
                Messages = walk.IsPresent(walk.Find(0, "prompt"u8)) ? 1 : walk.CountOf(walk.Find(0, "messages"u8)),
                CreatesServerState = walk.IsPresent(walk.Find(0, "agentid"u8)),
            }
            : facts with { IsStreaming = false, Usage = CommonUsage.OpenAi(walk) };
    }

    public override bool TryChange(RequestChange change, RequestMembers members) =>
        CommonChanges.WhereUsageIsAlwaysReported(change, members, "max_tokens");

    public override DialectAnswer Error(RefusedCall call) => DialectAnswer.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "error"u8);
        writer.WriteString("message"u8, call.Message);
        writer.WriteString("type"u8, "guardrail_blocked"u8);
        writer.WriteNull("param"u8);
        writer.WriteString("code"u8, call.Refusal.Code);
        writer.WriteEndObject();
    });

    public override DialectAnswer Completion(RefusedCall call) => Refusal.Of(call);

    public override IStreamEnding NewEnding() => new OpenAiChatEnding("error");
}

using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiResponses;

/// <summary>OpenAI responses, token counting and compaction included, and Azure's paths for them.</summary>
internal sealed class OpenAiResponsesDialect : Dialect
{
    // Tools the client carries out itself; all others act or keep state at the provider.
    private static readonly string[] ClientTools =
        ["function", "custom", "computer_use_preview", "computer", "local_shell", "apply_patch", "namespace"];

    public override string Id => "openai.responses";

    public override bool Serves(ReadOnlySpan<string> path) =>
        DialectPath.IsOfApi(path, "responses")
        || DialectPath.IsOfApi(path, "responses", "input_tokens")
        || DialectPath.IsOfApi(path, "responses", "compact");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        (members.ContainsKey("input") && (members.ContainsKey("instructions") || members.ContainsKey("maxoutputtokens")
            || members.ContainsKey("previousresponseid")))
        || (members.ContainsKey("output") && members.GetValueOrDefault("object") == "response")
        || (members.GetValueOrDefault("type")?.StartsWith("response.", StringComparison.Ordinal) == true && members.ContainsKey("sequencenumber"));

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => ResponsesRequest.Root,
        JsonDirection.Response => ResponsesResponse.Root,
        _ => ResponsesEvents.Root,
    };

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        var facts = CallFacts.Of(walk);
        if (direction != JsonDirection.Request)
        {
            var response = walk.Find(0, "response"u8);
            return facts with
            {
                Model = facts.Model ?? walk.String(walk.Find(response, "model"u8)),
                IsStreaming = false,
                Usage = UsageOf(walk, walk.Find(response >= 0 ? response : 0, "usage"u8)),
            };
        }

        var input = walk.Find(0, "input"u8);
        return facts with
        {
            Messages = input >= 0 && walk.Tape[input].Kind == JsonTokenKind.String ? 1 : walk.CountOf(input),
            Conversation = ConversationOf(walk, walk.Find(0, "conversation"u8)),
            CreatesServerState = KeepsAnswer(walk)
                || walk.IsTrue(walk.Find(0, "background"u8))
                || walk.IsPresent(walk.Find(0, "conversation"u8))
                || walk.IsPresent(walk.Find(0, "previousresponseid"u8))
                || ServerTools.Any(walk, static type => !ClientTools.Contains(type, StringComparer.Ordinal)),
        };
    }

    // An id, or an object that has one.
    private static string? ConversationOf(JsonWalk walk, int given) =>
        walk.String(given >= 0 && walk.Tape[given].Kind == JsonTokenKind.Object ? walk.Find(given, "id"u8) : given) is { Length: > 0 } id ? id : null;

    public override bool TryChange(RequestChange change, RequestMembers members) =>
        CommonChanges.WhereUsageIsAlwaysReported(change, members, "max_output_tokens");

    public override DialectAnswer Error(RefusedCall call) => CommonErrors.OpenAi(call);

    public override DialectAnswer Completion(RefusedCall call) => ResponsesRefusal.Of(call);

    public override IStreamEnding NewEnding() => new ResponsesEnding();

    // Responses are stored unless the caller says otherwise.
    private static bool KeepsAnswer(JsonWalk walk)
    {
        var store = walk.Find(0, "store"u8);
        return store < 0 || walk.Tape[store].Kind != JsonTokenKind.False;
    }

    private static TokenUsage? UsageOf(JsonWalk walk, int usage) => usage < 0 || walk.Tape[usage].Kind != JsonTokenKind.Object
        ? null
        : new TokenUsage(
            walk.Integer(walk.Find(usage, "inputtokens"u8)),
            walk.Integer(walk.Find(usage, "outputtokens"u8)),
            walk.Integer(walk.Find(usage, "totaltokens"u8)),
            walk.Integer(walk.FindPath(usage, "inputtokensdetails"u8, "cachedtokens"u8)),
            walk.Integer(walk.FindPath(usage, "outputtokensdetails"u8, "reasoningtokens"u8)));
}

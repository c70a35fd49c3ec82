using LlmGuard.Http.Dialects.OpenAiChat;
using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.OpenAiCompletions;

/// <summary>OpenAI's older completions of a prompt, Azure's paths for them, and the many servers that speak the same.</summary>
internal sealed class OpenAiCompletionsDialect : Dialect
{
    public override string Id => "openai.completions";

    public override bool Serves(ReadOnlySpan<string> path) => DialectPath.IsOfApi(path, "completions");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        (members.ContainsKey("prompt") && members.ContainsKey("model") && members.ContainsKey("maxtokens"))
        || (members.ContainsKey("choices") && members.GetValueOrDefault("object") == "text_completion");

    public override Place Root(JsonDirection direction) => direction == JsonDirection.Request ? CompletionsPlaces.Request : CompletionsPlaces.Answer;

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        var facts = CallFacts.Of(walk);
        return direction == JsonDirection.Request
            ? facts with { Messages = PromptsOf(walk), AsksForUsage = walk.IsTrue(walk.FindPath(0, "streamoptions"u8, "includeusage"u8)) }
            : facts with { IsStreaming = false, Usage = CommonUsage.OpenAi(walk) };
    }

    public override bool IsUsageOnly(ReadOnlySpan<byte> json) => OpenAiUsageEvent.Is(json);

    public override bool TryChange(RequestChange change, RequestMembers members) => change switch
    {
        RequestChange.Model model => CommonChanges.Model(model, members),
        RequestChange.MaxTokens limit => CommonChanges.MaxTokens(limit, members, "max_tokens"),
        RequestChange.ReportUsage => CommonChanges.IncludeUsage(members),
        _ => false,
    };

    public override DialectAnswer Error(RefusedCall call) => CommonErrors.OpenAi(call);

    public override DialectAnswer Completion(RefusedCall call) => CompletionsRefusal.Of(call);

    public override IStreamEnding NewEnding() => new OpenAiChatEnding("content_filter", isChat: false);

    // A list of token ids is one prompt.
    private static int PromptsOf(JsonWalk walk)
    {
        var prompt = walk.Find(0, "prompt"u8);
        var count = walk.CountOf(prompt);
        return !walk.IsPresent(prompt) ? 0 : count == 0 || walk.Tape[prompt + 1].Kind == JsonTokenKind.Number ? 1 : count;
    }
}

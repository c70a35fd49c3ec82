using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Ollama;

/// <summary>Ollama's own API. Chats and completions are streamed unless the request says otherwise.</summary>
internal abstract class OllamaDialect : Dialect
{
    public override CallFacts Describe(JsonWalk walk, JsonDirection direction)
    {
        var model = walk.String(walk.Find(0, "model"u8));
        if (direction == JsonDirection.Request)
        {
            return new CallFacts
            {
                Model = model,
                Messages = walk.CountOf(walk.Find(0, "messages"u8)),
                IsStreaming = StreamsByDefault && !IsFalse(walk),
            };
        }

        var input = walk.Integer(walk.Find(0, "promptevalcount"u8));
        var output = walk.Integer(walk.Find(0, "evalcount"u8));
        return new CallFacts { Model = model, Usage = input is null && output is null ? null : new TokenUsage(input, output, input + output) };
    }

    public override bool TryChange(RequestChange change, RequestMembers members) => change switch
    {
        RequestChange.Model model => CommonChanges.Model(model, members),
        RequestChange.MaxTokens limit => StreamsByDefault && NestedLimit.TryLower(limit, members, "options", "num_predict"),

        // The last line always reports usage.
        RequestChange.ReportUsage => true,
        _ => false,
    };

    public override DialectAnswer Error(RefusedCall call) => OllamaRefusal.Error(call);

    protected virtual bool StreamsByDefault => true;

    private static bool IsFalse(JsonWalk walk)
    {
        var stream = walk.Find(0, "stream"u8);
        return stream >= 0 && walk.Tape[stream].Kind == JsonTokenKind.False;
    }
}

/// <summary>Ollama's <c>/api/chat</c>.</summary>
internal sealed class OllamaChatDialect : OllamaDialect
{
    public override string Id => "ollama.chat";

    public override bool Serves(ReadOnlySpan<string> path) => DialectPath.EndsWith(path, "api", "chat");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) => members.ContainsKey("message") && members.ContainsKey("done");

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => OllamaRequest.Chat,
        JsonDirection.Response => OllamaResponse.Chat,
        _ => OllamaResponse.ChatLine,
    };

    public override DialectAnswer Completion(RefusedCall call) => OllamaRefusal.Completion(call, isChat: true);

    public override IStreamEnding NewEnding() => new OllamaEnding(isChat: true);
}

/// <summary>Ollama's <c>/api/generate</c>.</summary>
internal sealed class OllamaGenerateDialect : OllamaDialect
{
    public override string Id => "ollama.generate";

    public override bool Serves(ReadOnlySpan<string> path) => DialectPath.EndsWith(path, "api", "generate");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) => members.ContainsKey("response") && members.ContainsKey("done");

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => OllamaRequest.Generate,
        JsonDirection.Response => OllamaResponse.Generate,
        _ => OllamaResponse.GenerateLine,
    };

    public override DialectAnswer Completion(RefusedCall call) => OllamaRefusal.Completion(call, isChat: false);

    public override IStreamEnding NewEnding() => new OllamaEnding(isChat: false);
}

/// <summary>Ollama's <c>/api/embed</c> and its predecessor <c>/api/embeddings</c>.</summary>
internal sealed class OllamaEmbedDialect : OllamaDialect
{
    public override string Id => "ollama.embed";

    protected override bool StreamsByDefault => false;

    public override bool Serves(ReadOnlySpan<string> path) =>
        DialectPath.EndsWith(path, "api", "embed") || DialectPath.EndsWith(path, "api", "embeddings");

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) => false;

    public override Place Root(JsonDirection direction) => direction == JsonDirection.Request ? OllamaRequest.Embed : OllamaResponse.Embed;

    public override DialectAnswer? Completion(RefusedCall call) => null;
}

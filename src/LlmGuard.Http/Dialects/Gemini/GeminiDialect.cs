using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Gemini;

/// <summary>
/// Gemini's <c>generateContent</c> and <c>streamGenerateContent</c>, on the Gemini API and on Vertex AI, with counting and embedding.
/// </summary>
internal sealed class GeminiDialect : Dialect
{
    public override string Id => "google.gemini";

    public override bool Serves(ReadOnlySpan<string> path) => GeminiPath.IsServed(path);

    public override bool IsStreamed(ReadOnlySpan<string> path) => GeminiPath.IsStreamed(path);

    // What streams are without alt=sse.
    public override bool StreamsAsArray => true;

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        members.ContainsKey("contents") || members.ContainsKey("candidates");

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => GeminiRequest.Root,
        JsonDirection.Response => GeminiResponse.Root,
        _ => GeminiResponse.Event,
    };

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction) => direction == JsonDirection.Request
        ? new CallFacts
        {
            Model = walk.String(walk.Find(0, "model"u8)),
            Messages = walk.CountOf(walk.Find(0, "contents"u8)),
            CreatesServerState = walk.IsTrue(walk.Find(0, "store"u8)) || HasServerTool(walk),
        }
        : new CallFacts { Model = walk.String(walk.Find(0, "modelversion"u8)), Usage = UsageOf(walk, walk.Find(0, "usagemetadata"u8)) };

    public override bool TryChange(RequestChange change, RequestMembers members) => change switch
    {
        // Paths name the model; only where one does not is it the body's.
        RequestChange.Model model => members.Find("model"u8) >= 0 && CommonChanges.Model(model, members),
        RequestChange.MaxTokens limit => NestedLimit.TryLower(limit, members, "generationConfig", "maxOutputTokens"),

        // Answers always report usage, streamed or not.
        RequestChange.ReportUsage => true,
        _ => false,
    };

    public override DialectAnswer Error(RefusedCall call) => GeminiRefusal.Error(call);

    public override DialectAnswer? Completion(RefusedCall call) => GeminiRefusal.Completion(call);

    public override IStreamEnding NewEnding() => new GeminiEnding();

    // Every tool that is no list of functions runs at the provider: searches, code, URLs.
    private static bool HasServerTool(JsonWalk walk)
    {
        var tools = walk.Find(0, "tools"u8);
        if (tools < 0 || walk.Tape[tools].Kind != JsonTokenKind.Array)
        {
            return false;
        }

        for (var tool = tools + 1; tool < walk.Tape[tools].Next; tool = walk.Tape[tool].Next)
        {
            var functions = walk.Find(tool, "functiondeclarations"u8);
            var isOnlyFunctions = functions == tool + 2 && walk.Tape[functions].Next == walk.Tape[tool].Next;
            if (walk.Tape[tool].Kind == JsonTokenKind.Object && !isOnlyFunctions && walk.Tape[tool].Next > tool + 1)
            {
                return true;
            }
        }

        return false;
    }

    private static TokenUsage? UsageOf(JsonWalk walk, int usage)
    {
        if (usage < 0 || walk.Tape[usage].Kind != JsonTokenKind.Object)
        {
            return null;
        }

        var prompt = walk.Integer(walk.Find(usage, "prompttokencount"u8));
        var candidates = walk.Integer(walk.Find(usage, "candidatestokencount"u8));
        var thoughts = walk.Integer(walk.Find(usage, "thoughtstokencount"u8));
        return new TokenUsage(
            prompt + (walk.Integer(walk.Find(usage, "tooluseprompttokencount"u8)) ?? 0),
            candidates is null && thoughts is null ? null : (candidates ?? 0) + (thoughts ?? 0),
            walk.Integer(walk.Find(usage, "totaltokencount"u8)),
            walk.Integer(walk.Find(usage, "cachedcontenttokencount"u8)),
            thoughts);
    }
}

using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Bedrock's Converse and ConverseStream.</summary>
internal sealed class ConverseDialect : Dialect
{
    private const string Whole = "converse";
    private const string Streamed = "converse-stream";

    public override string Id => "bedrock.converse";

    public override bool Serves(ReadOnlySpan<string> path) => BedrockPath.IsOperation(path, Whole) || IsStreamed(path);

    public override bool IsStreamed(ReadOnlySpan<string> path) => BedrockPath.IsOperation(path, Streamed);

    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        (members.ContainsKey("messages") && (members.ContainsKey("inferenceconfig") || members.ContainsKey("toolconfig")
            || members.ContainsKey("guardrailconfig") || members.ContainsKey("additionalmodelrequestfields")))
        || (members.ContainsKey("output") && members.ContainsKey("stopreason"));

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => ConverseRequest.Root,
        JsonDirection.Response => ConverseResponse.Root,
        _ => ConverseResponse.Event,
    };

    // The path names the model and says whether the answer is streamed.
    public override CallFacts Describe(JsonWalk walk, JsonDirection direction) => direction == JsonDirection.Request
        ? new CallFacts { Messages = walk.CountOf(walk.Find(0, "messages"u8)) }
        : new CallFacts { Usage = UsageOf(walk, walk.Find(0, "usage"u8)) };

    public override bool TryChange(RequestChange change, RequestMembers members) => change switch
    {
        RequestChange.MaxTokens limit => NestedLimit.TryLower(limit, members, "inferenceConfig", "maxTokens"),

        // Answers always report usage, streamed or not.
        RequestChange.ReportUsage => true,
        _ => false,
    };

    public override DialectAnswer Error(RefusedCall call) => BedrockErrors.Of(call);

    public override DialectAnswer Completion(RefusedCall call) =>
        BedrockPath.IsOperation(call.RawPath, Streamed) ? ConverseRefusal.Stream(call) : ConverseRefusal.Completion(call);

    public override IStreamEnding NewEnding() => new ConverseEnding();

    /// <summary>Usage, of which tokens from the cache are no part of the input.</summary>
    public static TokenUsage? UsageOf(JsonWalk walk, int usage)
    {
        if (usage < 0 || walk.Tape[usage].Kind != JsonTokenKind.Object)
        {
            return null;
        }

        var input = walk.Integer(walk.Find(usage, "inputtokens"u8));
        var output = walk.Integer(walk.Find(usage, "outputtokens"u8));
        var cached = walk.Integer(walk.Find(usage, "cachereadinputtokens"u8));
        var read = input + (cached ?? 0) + (walk.Integer(walk.Find(usage, "cachewriteinputtokens"u8)) ?? 0);
        return new TokenUsage(read, output, walk.Integer(walk.Find(usage, "totaltokens"u8)) ?? (read + output), cached);
    }
}

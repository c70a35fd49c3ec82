using System.Text;
using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;
using LlmGuard.Http.Refusals;

namespace LlmGuard.Http.Dialects.Bedrock;

/// <summary>Bedrock's InvokeModel and InvokeModelWithResponseStream, whose bodies are those of the model's maker.</summary>
internal sealed class InvokeModelDialect : Dialect
{
    private const string Whole = "invoke";
    private const string Streamed = "invoke-with-response-stream";

    // Where each family puts the limit of an answer.
    private static readonly string[] Limits = ["max_gen_len", "max_tokens_to_sample", "max_completion_tokens", "max_tokens", "maxTokens"];

    public override string Id => "bedrock.invoke_model";

    public override bool Serves(ReadOnlySpan<string> path) => BedrockPath.IsOperation(path, Whole) || IsStreamed(path);

    public override bool IsStreamed(ReadOnlySpan<string> path) => BedrockPath.IsOperation(path, Streamed);

    // Bodies of the families are their own dialects' everywhere else.
    public override bool Resembles(IReadOnlyDictionary<string, string?> members) =>
        members.ContainsKey("inputtext") || members.ContainsKey("textgenerationconfig");

    public override Place Root(JsonDirection direction) => direction switch
    {
        JsonDirection.Request => InvokeModelShapes.Request,
        JsonDirection.Response => InvokeModelShapes.Response,
        _ => InvokeModelShapes.Event,
    };

    public override CallFacts Describe(JsonWalk walk, JsonDirection direction) => direction == JsonDirection.Request
        ? new CallFacts { Messages = walk.CountOf(walk.Find(0, "messages"u8)) }
        : new CallFacts { Usage = UsageOf(walk) };

    public override bool TryChange(RequestChange change, RequestMembers members) => change switch
    {
        RequestChange.MaxTokens limit => LimitTokens(limit, members),

        // The last event, or a header, always reports usage.
        RequestChange.ReportUsage => true,
        _ => false,
    };

    public override DialectAnswer Error(RefusedCall call) => BedrockErrors.Of(call);

    public override DialectAnswer? Completion(RefusedCall call) =>
        InvokeModelRefusal.Completion(call, BedrockPath.IsOperation(call.RawPath, Streamed));

    public override IStreamEnding NewEnding() => new InvokeModelEnding();

    private static bool LimitTokens(RequestChange.MaxTokens limit, RequestMembers members)
    {
        if (members.Find("inferenceconfig"u8) >= 0 || members.Find("schemaversion"u8) >= 0)
        {
            return NestedLimit.TryLower(limit, members, "inferenceConfig", "maxTokens");
        }

        if (members.Find("inputtext"u8) >= 0)
        {
            return NestedLimit.TryLower(limit, members, "textGenerationConfig", "maxTokenCount");
        }

        // A limit that is there is lowered under its own name; which one to add only Claude's and OpenAI's shape say.
        var given = Array.Find(Limits, name => members.Find(Folded(name)) >= 0);
        given ??= members.Find("messages"u8) >= 0 || members.Find("message"u8) >= 0 ? "max_tokens" : null;
        return given is not null && CommonChanges.MaxTokens(limit, members, given);
    }

    private static byte[] Folded(string name) => Encoding.UTF8.GetBytes(name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant());

    private static TokenUsage? UsageOf(JsonWalk walk)
    {
        var metrics = walk.Find(0, "amazon-bedrock-invocationmetrics"u8);
        if (metrics >= 0)
        {
            return Usage(walk.Integer(walk.Find(metrics, "inputtokencount"u8)), walk.Integer(walk.Find(metrics, "outputtokencount"u8)));
        }

        var usage = walk.Find(0, "usage"u8);
        if (usage >= 0)
        {
            return walk.Find(usage, "prompttokens"u8) >= 0
                ? Usage(walk.Integer(walk.Find(usage, "prompttokens"u8)), walk.Integer(walk.Find(usage, "completiontokens"u8)))
                : ConverseDialect.UsageOf(walk, usage);
        }

        var input = walk.Integer(walk.Find(0, "prompttokencount"u8)) ?? walk.Integer(walk.Find(0, "inputtexttokencount"u8));
        return Usage(input, walk.Integer(walk.Find(0, "generationtokencount"u8)) ?? walk.Integer(walk.Find(0, "totaloutputtexttokencount"u8)));
    }

    private static TokenUsage? Usage(long? input, long? output) =>
        input is null && output is null ? null : new TokenUsage(input, output, input + output);
}

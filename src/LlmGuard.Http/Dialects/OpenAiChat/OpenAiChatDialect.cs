using LlmGuard.Http.Dialects.Places;
using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects.OpenAiChat;

/// <summary>OpenAI chat completions, Azure's paths for them, and the many servers that speak the same.</summary>
internal sealed class OpenAiChatDialect : Dialect
{
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
            return facts with { Usage = UsageOf(walk) };
        }

        return facts with
        {
            Messages = walk.CountOf(walk.Find(0, "messages"u8)),
            AsksForUsage = walk.IsTrue(walk.FindPath(0, "streamoptions"u8, "includeusage"u8)),
            CreatesServerState = walk.IsTrue(walk.Find(0, "store"u8))
                || walk.IsTrue(walk.Find(0, "background"u8))
                || walk.IsPresent(walk.Find(0, "websearchoptions"u8))
                || walk.IsPresent(walk.Find(0, "conversation"u8))
                || walk.IsPresent(walk.Find(0, "previousresponseid"u8)),
        };
    }

    public override bool IsUsageOnly(ReadOnlySpan<byte> json) => OpenAiUsageEvent.Is(json);

    public override bool TryChange(RequestChange change, RequestMembers members) => change switch
    {
        RequestChange.Model model => CommonChanges.Model(model, members),
        RequestChange.MaxTokens limit => CommonChanges.MaxTokens(limit, members, "max_completion_tokens", "max_tokens"),
        RequestChange.ReportUsage => ReportUsage(members),
        _ => false,
    };

    private static TokenUsage? UsageOf(JsonWalk walk)
    {
        var usage = walk.Find(0, "usage"u8);
        if (usage < 0 || walk.Tape[usage].Kind != JsonTokenKind.Object)
        {
            return null;
        }

        return new TokenUsage(
            walk.Integer(walk.Find(usage, "prompttokens"u8)),
            walk.Integer(walk.Find(usage, "completiontokens"u8)),
            walk.Integer(walk.Find(usage, "totaltokens"u8)),
            walk.Integer(walk.FindPath(usage, "prompttokensdetails"u8, "cachedtokens"u8)),
            walk.Integer(walk.FindPath(usage, "completiontokensdetails"u8, "reasoningtokens"u8)));
    }

    // An answer that is not streamed always reports usage.
    private static bool ReportUsage(RequestMembers members)
    {
        var stream = members.Find("stream"u8);
        if (stream < 0 || !members.IsTrue(stream))
        {
            return true;
        }

        var options = members.Find("streamoptions"u8);
        if (options < 0)
        {
            members.Insert(0, "\"stream_options\":{\"include_usage\":true}"u8.ToArray());
            return true;
        }

        if (members.KindOf(options) == JsonTokenKind.Null)
        {
            members.Replace(options, "{\"include_usage\":true}"u8.ToArray());
            return true;
        }

        if (members.KindOf(options) != JsonTokenKind.Object)
        {
            return false;
        }

        var include = members.FindIn(options, "includeusage"u8);
        if (include < 0)
        {
            members.Insert(options, "\"include_usage\":true"u8.ToArray());
        }
        else if (!members.IsTrue(include))
        {
            members.Replace(include, "true"u8.ToArray());
        }

        return true;
    }
}

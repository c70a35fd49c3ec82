using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>Token usage that dialects report alike.</summary>
internal static class CommonUsage
{
    /// <summary>The <c>usage</c> of OpenAI's completions.</summary>
    public static TokenUsage? OpenAi(JsonWalk walk)
    {
        var usage = walk.Find(0, "usage"u8);
        return usage < 0 || walk.Tape[usage].Kind != JsonTokenKind.Object
            ? null
            : new TokenUsage(
                walk.Integer(walk.Find(usage, "prompttokens"u8)),
                walk.Integer(walk.Find(usage, "completiontokens"u8)),
                walk.Integer(walk.Find(usage, "totaltokens"u8)),
                walk.Integer(walk.FindPath(usage, "prompttokensdetails"u8, "cachedtokens"u8)),
                walk.Integer(walk.FindPath(usage, "completiontokensdetails"u8, "reasoningtokens"u8)));
    }
}

using LlmGuard.Http.Json;

namespace LlmGuard.Http.Dialects;

/// <summary>How much answer a request asks for, in the words of any dialect.</summary>
/// <param name="MaxTokens">The limit on tokens of each answer, or null.</param>
/// <param name="Choices">How many answers.</param>
internal sealed record AnswerSize(long? MaxTokens, long Choices)
{
    public static AnswerSize Unstated { get; } = new(null, 1);

    /// <summary>Of several limits the largest counts: which of them a server honours is its own business.</summary>
    public static AnswerSize Of(JsonWalk walk)
    {
        var limit = Most(
            Most(walk.Integer(walk.Find(0, "maxtokens"u8)), walk.Integer(walk.Find(0, "maxcompletiontokens"u8))),
            Most(walk.Integer(walk.Find(0, "maxoutputtokens"u8)), walk.Integer(walk.Find(0, "maxtokenstosample"u8))));
        var generation = walk.Find(0, "generationconfig"u8);
        limit = Most(limit, walk.Integer(walk.Find(generation, "maxoutputtokens"u8)));
        limit = Most(limit, walk.Integer(walk.FindPath(0, "inferenceconfig"u8, "maxtokens"u8)));
        limit = Most(limit, walk.Integer(walk.FindPath(0, "options"u8, "numpredict"u8)));
        var choices = Most(walk.Integer(walk.Find(0, "n"u8)), walk.Integer(walk.Find(generation, "candidatecount"u8)));
        return limit is null && choices is null ? Unstated : new AnswerSize(limit, Math.Max(1, choices ?? 1));
    }

    /// <summary>Of a batch: all its answers, each as long as the longest may be; unlimited when one of them is.</summary>
    public static AnswerSize? Sum(AnswerSize? left, AnswerSize? right) => left is null ? right : right is null ? left : new AnswerSize(
        left.MaxTokens is null || right.MaxTokens is null ? null : Math.Max(left.MaxTokens.Value, right.MaxTokens.Value),
        left.Choices + Math.Min(right.Choices, long.MaxValue - left.Choices));

    // What is not positive (Ollama's -1) is no limit.
    private static long? Most(long? left, long? right) => right is null or <= 0 ? left : left is null ? right : Math.Max(left.Value, right.Value);
}

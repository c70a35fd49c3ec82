using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>prompt_moderation with a hundred keywords, none of which occurs.</summary>
internal static class ModerationCases
{
    private static readonly string[] Keywords = [.. Enumerable.Range(0, 100).Select(Keyword)];

    public static IEnumerable<Comparison> All() =>
    [
        Of(2 * 1024, 1),
        Of(64 * 1024, 1),
        Of(2 * 1024, 0.8),
        Of(64 * 1024, 0.8),
    ];

    private static Comparison Of(int size, double similarity) => new(
        FormattableString.Invariant($"prompt_moderation, 100 keywords at similarity {similarity}, {Suite.Show(size)}"),
        () =>
        {
            var engine = new Engine(BenchmarkPolicies.Moderate(Keywords, similarity));
            var bodies = ChatBodies.Clean(size);
            var (ours, ordinary) = (new Rotation<byte[]>(bodies), new Rotation<byte[]>(bodies));
            return Task.FromResult(new Pair(
                Side.Of("read, evaluate", async () =>
                {
                    var decision = await engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, ChatText.Read(ours.Next()).Content);
                    if (!decision.IsAllowed)
                    {
                        throw new InvalidOperationException("A keyword was found.");
                    }
                }),
                Side.Of("JsonNode and a loop of Contains", () =>
                {
                    KeywordLoop.Contains(ordinary.Next(), Keywords);
                }),
                engine));
        });

    /// <summary>Words that could stand in a text and do not.</summary>
    private static string Keyword(int number)
    {
        string[] starts = ["blue", "silver", "north", "harbour", "quartz", "velvet", "marble", "falcon", "juniper", "zenith"];
        string[] ends = ["bird", "stone", "gate", "field", "harvest", "lantern", "meridian", "orchard", "phoenix", "voyager"];
        return starts[number % 10] + (number % 2 == 0 ? " " : "") + ends[number / 10];
    }
}

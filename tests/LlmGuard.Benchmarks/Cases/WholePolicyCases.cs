using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>All four local plugins together, from the bytes of a request to its verdict; then each alone, to see where the time goes.</summary>
internal static class WholePolicyCases
{
    private static readonly string[] Plugins = ["data_masking", "injection_protection", "code_sanitation", "prompt_moderation"];

    public static IEnumerable<Comparison> All() => new[] { 2 * 1024, 64 * 1024 }.SelectMany(static size => new[]
    {
        Of($"whole-policy, {Suite.Show(size)}", size, Plugins, Ordinary(size)),
        Of($"whole-policy, reading alone, {Suite.Show(size)}", size, [], Ordinary(size)),
    }.Concat(Plugins.Select(plugin => Of($"whole-policy, {plugin} alone, {Suite.Show(size)}", size, [plugin], Ordinary(size)))));

    private static Comparison Of(string name, int size, string[] plugins, Func<Side> ordinary) => new(name, () =>
    {
        var engine = new Engine(BenchmarkPolicies.Local(plugins, ModerationCases.Keywords));
        var bodies = new Rotation<byte[]>(ChatBodies.Conversations(size));
        return Task.FromResult(new Pair(
            Side.Of("read, evaluate", async () =>
            {
                var (_, content) = ChatText.Read(bodies.Next());
                var decision = await engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, content);
                if (!decision.IsAllowed || decision.Edits.Count > 0)
                {
                    throw new InvalidOperationException("Something was found.");
                }
            }),
            ordinary(),
            engine));
    });

    private static Func<Side> Ordinary(int size) => () =>
    {
        var bodies = new Rotation<byte[]>(ChatBodies.Conversations(size));
        return Side.Of("JsonNode, expressions and Contains", () =>
        {
            WholePolicy.Count(bodies.Next(), ModerationCases.Keywords);
        });
    };
}

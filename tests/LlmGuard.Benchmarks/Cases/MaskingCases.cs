using LlmGuard.Benchmarks.Bodies;
using LlmGuard.Benchmarks.Ordinary;
using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>data_masking with all entities: from the bytes of a body to the bytes of the masked one.</summary>
internal static class MaskingCases
{
    public static IEnumerable<Comparison> All() =>
    [
        Of(2 * 1024, isDirty: false),
        Of(2 * 1024, isDirty: true),
        Of(64 * 1024, isDirty: false),
        Of(64 * 1024, isDirty: true),
    ];

    private static Comparison Of(int size, bool isDirty) =>
        new($"data_masking, {Suite.Show(size)}, {(isDirty ? "matches in every message" : "no match")}", () =>
    {
        var engine = new Engine(BenchmarkPolicies.MaskAll);
        var bodies = isDirty ? ChatBodies.Dirty(size) : ChatBodies.Clean(size);
        var (ours, ordinary) = (new Rotation<byte[]>(bodies), new Rotation<byte[]>(bodies));
        return Task.FromResult(new Pair(
            Side.Of("read, evaluate, rewrite", async () =>
            {
                var (body, content) = ChatText.Read(ours.Next());
                var decision = await engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, content);
                if (decision.Edits.Count > 0 != isDirty)
                {
                    throw new InvalidOperationException("The bodies were not masked as expected.");
                }

                body.Rewrite(decision.Edits, []);
            }),
            Side.Of("JsonNode and Regex.Replace", () =>
            {
                RegexMasking.Mask(ordinary.Next());
            }),
            engine));
    });
}

using LlmGuard.Benchmarks.Policies;
using LlmGuard.Benchmarks.Ratios;

namespace LlmGuard.Benchmarks.Cases;

/// <summary>What the engine adds around evaluators that do nothing: begin a call, run pre_request, end the call.</summary>
internal static class ExecutorCases
{
    public static IEnumerable<Comparison> All() =>
    [
        Of(0, NothingPlugin.Name, "no plugin"),
        Of(1, NothingPlugin.Name, "1 inline plugin"),
        Of(8, NothingPlugin.Name, "8 inline plugins"),
        Of(1, PooledNothingPlugin.Name, "1 plugin on the thread pool"),
    ];

    private static Comparison Of(int entries, string plugin, string what) => new($"executor, {what}", () =>
    {
        var engine = new Engine(BenchmarkPolicies.Nothing(entries, plugin));
        var content = GuardrailContent.FromText("A text that nobody reads.", SegmentRole.User);
        var options = new GuardedCallOptions();
        var evaluator = new NothingEvaluator();
        var call = new GuardrailCall(GuardrailStage.PreRequest, content);
        return Task.FromResult(new Pair(
            Side.Of("begin, evaluate, end", async () =>
            {
                var decision = await engine.Guardrails.EvaluateAsync(GuardrailStage.PreRequest, content, options);
                if (decision.Results.Count != entries)
                {
                    throw new InvalidOperationException("The entries did not run.");
                }
            }),
            Side.Of(entries < 2 ? "the evaluator alone" : $"the evaluator alone, {entries} times", async () =>
            {
                for (var i = 0; i < Math.Max(1, entries); i++)
                {
                    await evaluator.EvaluateAsync(call, CancellationToken.None);
                }
            }),
            engine));
    });
}

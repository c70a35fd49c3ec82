using LlmGuard.Execution;
using LlmGuard.Planning;
using LlmGuard.Tests.Allocation;
using LlmGuard.Tests.Execution.Doubles;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

/// <summary>
/// What a guarded call costs in memory besides its content, once everything is warm: bytes, which do not depend on the machine's load. A ceiling is
/// what was measured, and some to spare for another runtime; whoever passes one has made every call dearer.
/// </summary>
public sealed class AllocationTests
{
    // Measured: 128, then 328 and 920 where every evaluator gets a call of its own, 136 and 224 where one is lent to all: the decision, how long each
    // took where they are many, and this test's hold on its policy. Where methods are compiled for debugging every asynchronous one has an object of
    // its own.
#if DEBUG
    [TestCase(0, false, 1000)]
    [TestCase(1, false, 2700)]
    [TestCase(8, false, 4600)]
    [TestCase(8, true, 4600)]
#else
    [TestCase(0, false, 144)]
    [TestCase(1, false, 352)]
    [TestCase(8, false, 952)]
    [TestCase(1, true, 152)]
    [TestCase(8, true, 240)]
#endif
    public async Task Evaluate_InlineEntriesThatAllow_StaysBelowTheCeiling(int entries, bool isLent, int ceiling)
    {
        using var quiet = new QuietHarness(At(GuardrailStage.PreRequest, [.. Enumerable.Range(0, entries).Select(i => Of(i, isLent))]));

        Assert.That(await OnABareFlow(() => BytesPerCall(quiet.Guardrails, ceiling)), Is.LessThanOrEqualTo(ceiling));
    }

    // A test runs in a flow of its runner's, and what marks it as an evaluation's is made anew; a call of a server's or a worker's runs in none.
    private static Task<long> OnABareFlow(Func<long> measure)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(measure);
        }
    }

    private static PlanEntry Of(int number, bool isLent)
    {
        var entry = Entry($"nothing{number}", new Nothing());
        return new PlanEntry { Key = entry.Key, Plugin = entry.Plugin, Evaluator = entry.Evaluator, IsLentCalls = isLent };
    }

    private static long BytesPerCall(AiGuardrails guardrails, int ceiling)
    {
        const int Rounds = 200;
        var (content, options) = (GuardrailContent.FromText("A text that nobody reads.", SegmentRole.User), new GuardedCallOptions());
        return LeastAllocated.By(() => Run(guardrails, content, options, Rounds), ceiling * Rounds) / Rounds;
    }

    private static void Run(AiGuardrails guardrails, GuardrailContent content, GuardedCallOptions options, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var evaluation = guardrails.EvaluateAsync(GuardrailStage.PreRequest, content, options);
            if (!evaluation.IsCompletedSuccessfully || !evaluation.Result.IsAllowed)
            {
                throw new InvalidOperationException("The call was to be allowed at once.");
            }
        }
    }

    private sealed class Nothing : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }
}

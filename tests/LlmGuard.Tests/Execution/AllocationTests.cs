using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Telemetry;
using LlmGuard.Tests.Execution.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using static LlmGuard.Tests.Execution.Doubles.Entries;

namespace LlmGuard.Tests.Execution;

/// <summary>
/// What a guarded call costs in memory besides its content, once everything is warm: bytes, which do not depend on the machine's load. A ceiling is
/// what was measured, and some to spare for another runtime; whoever passes one has made every call dearer.
/// </summary>
public sealed class AllocationTests
{
    // Measured: 160, 760 and 1656 bytes. Where methods are compiled for debugging every asynchronous one has an object of its own.
#if DEBUG
    [TestCase(0, 1000)]
    [TestCase(1, 2700)]
    [TestCase(8, 4600)]
#else
    [TestCase(0, 176)]
    [TestCase(1, 880)]
    [TestCase(8, 1808)]
#endif
    public async Task Evaluate_InlineEntriesThatAllow_StaysBelowTheCeiling(int entries, int ceiling)
    {
        using var quiet =
            new Quiet(At(GuardrailStage.PreRequest, [.. Enumerable.Range(0, entries).Select(i => Entry($"nothing{i}", new Nothing()))]));
        var content = GuardrailContent.FromText("A text that nobody reads.", SegmentRole.User);

        Assert.That(await OnABareFlow(() => quiet.BytesPerCall(content)), Is.LessThanOrEqualTo(ceiling));
    }

    // A test runs in a flow of its runner's, and what marks it as an evaluation's is made anew; a call of a server's or a worker's runs in none.
    private static Task<long> OnABareFlow(Func<long> measure)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(measure);
        }
    }

    private sealed class Nothing : IGuardrailEvaluator
    {
        public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
    }

    /// <summary>The executor as an application without logging, listeners and sinks has it.</summary>
    private sealed class Quiet : IDisposable
    {
        private readonly GuardrailTelemetry _telemetry;
        private readonly ExecutionServices _services;
        private readonly AiGuardrails _guardrails;

        public Quiet(EffectivePlan plan)
        {
            var options = new AiGuardrailsOptions();
            var budget = new HeldBytesBudget(options.MaxHeldBytes);
            _telemetry = new GuardrailTelemetry(null, budget);
            _services = new ExecutionServices(
                options,
                TimeProvider.System,
                budget,
                _telemetry,
                new GenAiGuardrailEvents(NullLogger.Instance),
                new ExecutionLog(NullLogger<ExecutionLog>.Instance),
                [],
                [],
                new InMemoryMaskVaultStore(1_000_000, TimeProvider.System));
            _guardrails = new AiGuardrails(new FakePolicyProvider(plan), _services);
        }

        public long BytesPerCall(GuardrailContent content)
        {
            const int Rounds = 200;
            var options = new GuardedCallOptions();
            Run(content, options, Rounds);
            var least = long.MaxValue;
            for (var i = 0; i < 5; i++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                Run(content, options, Rounds);
                least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds);
            }

            return least;
        }

        public void Dispose()
        {
            _services.Dispose();
            _telemetry.Dispose();
        }

        private void Run(GuardrailContent content, GuardedCallOptions options, int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                var evaluation = _guardrails.EvaluateAsync(GuardrailStage.PreRequest, content, options);
                if (!evaluation.IsCompletedSuccessfully || !evaluation.Result.IsAllowed)
                {
                    throw new InvalidOperationException("The call was to be allowed at once.");
                }
            }
        }
    }
}

using System.Runtime.CompilerServices;

namespace LlmGuard.Execution.Evaluations;

/// <summary>
/// Counts, per evaluator, the evaluations that ignored their deadline and still run. Beyond a cap the evaluator is not started again.
/// </summary>
internal sealed class AbandonedEvaluations
{
    /// <summary>Most abandoned evaluations of one entry: each may hold a thread.</summary>
    public const int Cap = 8;

    private readonly ConditionalWeakTable<IGuardrailEvaluator, Counter> _counters = [];

    private int _total;

    /// <summary>The counter of an evaluator, which reloads keep as long as its settings stay.</summary>
    public Counter For(IGuardrailEvaluator evaluator) => _counters.GetValue(evaluator, _ => new Counter(this));

    /// <summary>Whether an evaluator is not to be started. Costs next to nothing while none at all runs on.</summary>
    public bool AreTooMany(IGuardrailEvaluator evaluator) => Volatile.Read(ref _total) >= Cap && For(evaluator).IsExhausted;

    internal sealed class Counter(AbandonedEvaluations all)
    {
        private int _running;

        public bool IsExhausted => Volatile.Read(ref _running) >= Cap;

        public void Add()
        {
            Interlocked.Increment(ref _running);
            Interlocked.Increment(ref all._total);
        }

        public void Remove()
        {
            Interlocked.Decrement(ref _running);
            Interlocked.Decrement(ref all._total);
        }
    }
}

using System.Runtime.CompilerServices;

namespace LlmGuard.Execution;

/// <summary>Counts, per evaluator, the evaluations that ignored their deadline and still run. Beyond a cap the evaluator is not started again.</summary>
internal sealed class AbandonedEvaluations
{
    /// <summary>Most abandoned evaluations of one entry: each may hold a thread.</summary>
    public const int Cap = 8;

    private readonly ConditionalWeakTable<IGuardrailEvaluator, Counter> _counters = [];

    /// <summary>The counter of an evaluator, which reloads keep as long as its settings stay.</summary>
    public Counter For(IGuardrailEvaluator evaluator) => _counters.GetValue(evaluator, static _ => new Counter());

    internal sealed class Counter
    {
        private int _running;

        public bool IsExhausted => Volatile.Read(ref _running) >= Cap;

        public void Add() => Interlocked.Increment(ref _running);

        public void Remove() => Interlocked.Decrement(ref _running);
    }
}

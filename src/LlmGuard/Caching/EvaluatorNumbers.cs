using System.Runtime.CompilerServices;

namespace LlmGuard.Caching;

/// <summary>
/// Numbers evaluators, each once in the life of the process. An evaluator belongs to one entry with one set of settings and secrets and is kept by reloads that
/// change none of them, so its number is what a result depends on besides the text.
/// </summary>
internal static class EvaluatorNumbers
{
    private static readonly ConditionalWeakTable<IGuardrailEvaluator, StrongBox<ulong>> Numbers = [];
    private static ulong _last;

    /// <summary>The number of an evaluator, from 1.</summary>
    public static ulong Of(IGuardrailEvaluator evaluator) =>
        Numbers.GetValue(evaluator, static _ => new StrongBox<ulong>(Interlocked.Increment(ref _last))).Value;
}

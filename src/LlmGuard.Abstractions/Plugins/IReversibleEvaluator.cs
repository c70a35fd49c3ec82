namespace LlmGuard;

/// <summary>An evaluator whose edits of a request may be undone in the answer.</summary>
public interface IReversibleEvaluator : IGuardrailEvaluator
{
    /// <summary>Where it has originals kept; null when its settings do not ask for that. The same object on every read.</summary>
    ReversibleMasking? Reversible { get; }
}

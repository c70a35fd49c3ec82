namespace LlmGuard;

/// <summary>
/// An evaluator whose settings make it read more than its plugin's metadata says, so that other entries of the plugin need not pay for it.
/// </summary>
public interface IEvaluatorNeeds
{
    /// <summary>What this evaluator reads besides. Always the same.</summary>
    GuardrailNeeds Needs { get; }
}

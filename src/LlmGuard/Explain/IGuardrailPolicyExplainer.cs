namespace LlmGuard;

/// <summary>Shows what the policy in force makes of a call, without making one. A thread-safe singleton.</summary>
public interface IGuardrailPolicyExplainer
{
    /// <summary>Resolves a call and tells what would run, in which order, and why.</summary>
    /// <param name="query">The call.</param>
    /// <returns>The plan. Holds names and numbers of the policy document, never settings, secrets or content.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    GuardrailPlanExplanation Explain(GuardrailPlanQuery query);
}

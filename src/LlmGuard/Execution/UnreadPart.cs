using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>What monitoring entries could not be shown.</summary>
/// <param name="Needs">What it is.</param>
/// <param name="Failure">Why.</param>
internal sealed record UnreadPart(GuardrailNeeds Needs, GuardrailFailure Failure)
{
    public bool IsOf(PlanEntry entry) => (entry.Needs & Needs) != 0;
}

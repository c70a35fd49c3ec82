namespace LlmGuard;

/// <summary>Where an evaluation gets its entry's state from when it asks for it: most never do.</summary>
internal abstract class CallStateSource
{
    /// <summary>Takes the entry's state, which is this evaluation's until it ends.</summary>
    public abstract GuardrailCallState Take(GuardrailEntry entry);
}

namespace LlmGuard;

/// <summary>What one entry keeps from stage to stage of one call.</summary>
public sealed class GuardrailCallState
{
    /// <summary>The entry's own object, or null.</summary>
    public object? Value { get; set; }
}

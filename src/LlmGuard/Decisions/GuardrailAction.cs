namespace LlmGuard;

/// <summary>What was done with a call at a stage.</summary>
public enum GuardrailAction
{
    /// <summary>It passed unchanged.</summary>
    Allow,

    /// <summary>It passed unchanged and something noteworthy was found.</summary>
    Flag,

    /// <summary>It passed with changes.</summary>
    Modify,

    /// <summary>It was refused.</summary>
    Block,
}

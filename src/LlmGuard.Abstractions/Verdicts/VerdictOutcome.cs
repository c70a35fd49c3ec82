namespace LlmGuard;

/// <summary>What an evaluator concluded, from mild to severe.</summary>
public enum VerdictOutcome
{
    /// <summary>Nothing to object to.</summary>
    Allow,

    /// <summary>Noteworthy: recorded, changes nothing.</summary>
    Flag,

    /// <summary>The content may pass with the edits or request changes that come with the verdict.</summary>
    Modify,

    /// <summary>The call must not go on.</summary>
    Block,
}

namespace LlmGuard;

/// <summary>What one policy entry concluded, and what became of it. Holds no content.</summary>
public sealed record EntryResult
{
    /// <summary>The entry.</summary>
    public required GuardrailEntry Entry { get; init; }

    /// <summary>What the evaluator concluded.</summary>
    public required VerdictOutcome Outcome { get; init; }

    /// <summary>Why it concluded nothing, or null.</summary>
    public GuardrailFailure? Failure { get; init; }

    /// <summary>Whether the entry only watches.</summary>
    public bool IsMonitor { get; init; }

    /// <summary>Whether an availability failure was let through because the policy says so.</summary>
    public bool FailedOpen { get; init; }

    /// <summary>Whether the evaluation was cancelled because a sibling had blocked.</summary>
    public bool WasCancelled { get; init; }

    /// <summary>What was found. Spans refer to the text the entry was given.</summary>
    public IReadOnlyList<GuardrailFinding> Findings { get; init; } = [];

    /// <summary>What earlier entries had changed when this one judged: maps the findings back to the content the stage began with.</summary>
    internal IReadOnlyList<TextEdit> EditsBefore { get; init; } = [];

    /// <summary>How long the evaluation took.</summary>
    public TimeSpan Elapsed { get; init; }
}

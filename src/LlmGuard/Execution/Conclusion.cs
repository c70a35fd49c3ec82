using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>What one evaluation came to, read out of the verdict and checked. Holds nothing the plugin could still change.</summary>
internal sealed class Conclusion
{
    public required PlanEntry Entry { get; init; }

    public VerdictOutcome Outcome { get; init; }

    public GuardrailFailure? Failure { get; init; }

    /// <summary>Whether it was given up because the caller or a sibling made it pointless.</summary>
    public bool WasCancelled { get; init; }

    public GuardrailFinding[] Findings { get; set; } = [];

    public SegmentEdit[] Edits { get; init; } = [];

    /// <summary>What earlier entries had changed when this one judged: maps the findings back to the content the stage began with.</summary>
    public TextEdit[] EditsBefore { get; set; } = [];

    public RequestChange[] RequestChanges { get; init; } = [];

    public KeyValuePair<string, string>[] ResponseHeaders { get; init; } = [];

    public GuardrailRefusal? Refusal { get; init; }

    public TimeSpan Elapsed { get; init; }

    public static Conclusion Failed(PlanEntry entry, FailureClass failureClass, string reason, TimeSpan elapsed) =>
        new() { Entry = entry, Failure = new GuardrailFailure(failureClass, reason), Elapsed = elapsed };

    public static Conclusion Cancelled(PlanEntry entry, TimeSpan elapsed) => new() { Entry = entry, WasCancelled = true, Elapsed = elapsed };

    /// <summary>As decisions show it.</summary>
    public EntryResult ToResult(bool failedOpen) => new()
    {
        Entry = Entry.Key,
        Outcome = Outcome,
        Failure = Failure,
        IsMonitor = Entry.Mode == EntryMode.Monitor,
        FailedOpen = failedOpen,
        WasCancelled = WasCancelled,
        Findings = Findings,
        EditsBefore = EditsBefore,
        Elapsed = Elapsed,
    };
}

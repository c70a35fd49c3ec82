using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>What one evaluation came to, read out of the verdict and checked. Holds nothing the plugin could still change.</summary>
internal sealed class Conclusion
{
    private Rest? _rest;

    public required PlanEntry Entry { get; init; }

    public VerdictOutcome Outcome { get; init; }

    public GuardrailFailure? Failure
    {
        get => _rest?.Failure;
        init
        {
            if (value is not null)
            {
                More.Failure = value;
            }
        }
    }

    /// <summary>Whether it was given up because the caller or a sibling made it pointless.</summary>
    public bool WasCancelled { get; init; }

    public GuardrailFinding[] Findings
    {
        get => _rest?.Findings ?? [];
        set
        {
            if (value.Length > 0)
            {
                More.Findings = value;
            }
        }
    }

    public SegmentEdit[] Edits
    {
        get => _rest?.Edits ?? [];
        init
        {
            if (value.Length > 0)
            {
                More.Edits = value;
            }
        }
    }

    /// <summary>What earlier entries had changed when this one judged: maps the findings back to the content the stage began with.</summary>
    public TextEdit[] EditsBefore
    {
        get => _rest?.EditsBefore ?? [];
        set
        {
            if (value.Length > 0)
            {
                More.EditsBefore = value;
            }
        }
    }

    public RequestChange[] RequestChanges
    {
        get => _rest?.RequestChanges ?? [];
        init
        {
            if (value.Length > 0)
            {
                More.RequestChanges = value;
            }
        }
    }

    public KeyValuePair<string, string>[] ResponseHeaders
    {
        get => _rest?.ResponseHeaders ?? [];
        init
        {
            if (value.Length > 0)
            {
                More.ResponseHeaders = value;
            }
        }
    }

    public GuardrailRefusal? Refusal
    {
        get => _rest?.Refusal;
        init
        {
            if (value is not null)
            {
                More.Refusal = value;
            }
        }
    }

    public TimeSpan Elapsed { get; init; }

    private Rest More => _rest ??= new Rest();

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

    /// <summary>What the conclusion of an entry that found nothing has none of.</summary>
    private sealed class Rest
    {
        public GuardrailFailure? Failure { get; set; }

        public GuardrailFinding[] Findings { get; set; } = [];

        public SegmentEdit[] Edits { get; set; } = [];

        public TextEdit[] EditsBefore { get; set; } = [];

        public RequestChange[] RequestChanges { get; set; } = [];

        public KeyValuePair<string, string>[] ResponseHeaders { get; set; } = [];

        public GuardrailRefusal? Refusal { get; set; }
    }
}

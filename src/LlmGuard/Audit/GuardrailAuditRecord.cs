namespace LlmGuard.Audit;

/// <summary>What was decided about a call at one stage, for the audit. Holds no content, no pattern and no score.</summary>
public sealed record GuardrailAuditRecord
{
    /// <summary>The call's id: 128 random bits in lower-case hexadecimal, the value of <c>X-Guardrail-Id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The policy's revision.</summary>
    public required string Revision { get; init; }

    /// <summary>What the policy resolved the call to.</summary>
    public required GuardrailScope Scope { get; init; }

    /// <summary>Where the call was guarded.</summary>
    public required GuardrailSeam Seam { get; init; }

    /// <summary>The stage.</summary>
    public required GuardrailStage Stage { get; init; }

    /// <summary>What was done; of monitoring entries, what they would have done.</summary>
    public required GuardrailAction Action { get; init; }

    /// <summary>Whether this is the result of monitoring entries, which change nothing.</summary>
    public bool IsMonitor { get; init; }

    /// <summary>When it was decided, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>How long the stage took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>HTTP status the caller was refused with; null unless blocked.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The plugin that blocked or one of <see cref="RefusalCodes"/>; null unless blocked.</summary>
    public string? RefusalCode { get; init; }

    /// <summary>Why it was blocked, as a short code of a fixed set, or null.</summary>
    public string? RefusalReason { get; init; }

    /// <summary>How the call ended, at <see cref="GuardrailStage.PostResponse"/>; else null.</summary>
    public CallEnding? Ending { get; init; }

    /// <summary>What each entry concluded, in plan order.</summary>
    public IReadOnlyList<GuardrailAuditEntry> Entries { get; init; } = [];

    /// <summary>Where the text was changed: segment and span in the content that was evaluated.</summary>
    public IReadOnlyList<KeyValuePair<int, TextSpan>> EditedSpans { get; init; } = [];

    /// <summary>What passed without having been inspected, by kind and how often.</summary>
    public IReadOnlyList<KeyValuePair<UninspectedKind, int>> NotInspected { get; init; } = [];
}

/// <summary>What one policy entry concluded, for the audit.</summary>
public sealed record GuardrailAuditEntry
{
    /// <summary>The plugin's identifier.</summary>
    public required string Plugin { get; init; }

    /// <summary>The entry's id.</summary>
    public required string EntryId { get; init; }

    /// <summary>The level that declares the entry, such as <c>rule</c>.</summary>
    public required string Level { get; init; }

    /// <summary>What was concluded.</summary>
    public required VerdictOutcome Outcome { get; init; }

    /// <summary>Why nothing was concluded, or null.</summary>
    public GuardrailFailure? Failure { get; init; }

    /// <summary>Whether an availability failure was let through because the policy says so.</summary>
    public bool FailedOpen { get; init; }

    /// <summary>Whether the evaluation was given up because a sibling had blocked.</summary>
    public bool WasCancelled { get; init; }

    /// <summary>How long the evaluation took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What was found, and where. Spans refer to the text the entry was given.</summary>
    public IReadOnlyList<GuardrailAuditFinding> Findings { get; init; } = [];
}

/// <summary>One finding, for the audit.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Type">What was found.</param>
/// <param name="Segment">The segment, or -1 when it concerns the call as a whole.</param>
/// <param name="Span">Where in the segment's UTF-8.</param>
public readonly record struct GuardrailAuditFinding(string Rule, string Type, int Segment, TextSpan Span);

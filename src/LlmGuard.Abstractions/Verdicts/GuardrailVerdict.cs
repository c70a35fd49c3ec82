namespace LlmGuard;

/// <summary>What an evaluator concluded about a call, or why it could not.</summary>
/// <remarks>Immutable, as long as nobody changes the lists it was made with: they are not copied.</remarks>
public sealed class GuardrailVerdict
{
    private static readonly GuardrailVerdict AllowVerdict = new(VerdictOutcome.Allow);

    private GuardrailVerdict(VerdictOutcome outcome) => Outcome = outcome;

    /// <summary>Nothing to object to. One shared instance.</summary>
    public static GuardrailVerdict Allow => AllowVerdict;

    /// <summary>The conclusion. <see cref="VerdictOutcome.Allow"/> when <see cref="Failure"/> is set, which then takes precedence.</summary>
    public VerdictOutcome Outcome { get; }

    /// <summary>Why there is no conclusion; null when there is one.</summary>
    public GuardrailFailure? Failure { get; private init; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<GuardrailFinding> Findings { get; init; } = [];

    /// <summary>The edits of a <see cref="VerdictOutcome.Modify"/>.</summary>
    public IReadOnlyList<SegmentEdit> Edits { get; private init; } = [];

    /// <summary>The request changes of a <see cref="VerdictOutcome.Modify"/> at <see cref="GuardrailStage.PreRequest"/>.</summary>
    public IReadOnlyList<RequestChange> RequestChanges { get; private init; } = [];

    /// <summary>Headers for the response to the caller, kept whether the call passes or is blocked. Framing headers are refused.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ResponseHeaders { get; init; } = [];

    /// <summary>The wording of a <see cref="VerdictOutcome.Block"/>; null for the defaults.</summary>
    public GuardrailRefusal? Refusal { get; private init; }

    /// <summary>Noteworthy, but nothing changes.</summary>
    /// <param name="findings">What was found.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    public static GuardrailVerdict Flag(params IReadOnlyList<GuardrailFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return new GuardrailVerdict(VerdictOutcome.Flag) { Findings = findings };
    }

    /// <summary>The call may pass with edits.</summary>
    /// <param name="edits">The edits; an edit that does not fit its segment fails the evaluation.</param>
    /// <param name="findings">What was found.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    public static GuardrailVerdict Modify(IReadOnlyList<SegmentEdit> edits, params IReadOnlyList<GuardrailFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(edits);
        ArgumentNullException.ThrowIfNull(findings);
        return new GuardrailVerdict(VerdictOutcome.Modify) { Edits = edits, Findings = findings };
    }

    /// <summary>The call may pass with changes to the request.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="findings">What was found.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    public static GuardrailVerdict Modify(IReadOnlyList<RequestChange> changes, params IReadOnlyList<GuardrailFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(findings);
        return new GuardrailVerdict(VerdictOutcome.Modify) { RequestChanges = changes, Findings = findings };
    }

    /// <summary>The call must not go on.</summary>
    /// <param name="refusal">The wording, or null for the defaults.</param>
    /// <param name="findings">What was found.</param>
    /// <exception cref="ArgumentNullException"><paramref name="findings"/> is null.</exception>
    public static GuardrailVerdict Block(GuardrailRefusal? refusal = null, params IReadOnlyList<GuardrailFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return new GuardrailVerdict(VerdictOutcome.Block) { Refusal = refusal, Findings = findings };
    }

    /// <summary>No conclusion was reached.</summary>
    /// <param name="failureClass">Whose doing it is.</param>
    /// <param name="reason">A short code of a fixed set; see <see cref="FailureReasons"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is empty.</exception>
    public static GuardrailVerdict Fail(FailureClass failureClass, string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new GuardrailVerdict(VerdictOutcome.Allow) { Failure = new GuardrailFailure(failureClass, reason) };
    }

    /// <summary>This verdict with headers for the response to the caller, which replace those it had.</summary>
    /// <param name="headers">Name and value of each header.</param>
    /// <exception cref="ArgumentNullException"><paramref name="headers"/> is null.</exception>
    public GuardrailVerdict WithResponseHeaders(params IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return new GuardrailVerdict(Outcome)
        {
            Failure = Failure,
            Findings = Findings,
            Edits = Edits,
            RequestChanges = RequestChanges,
            Refusal = Refusal,
            ResponseHeaders = headers,
        };
    }

    /// <summary>Names the outcome or the failure, and counts the findings.</summary>
    public override string ToString() => Failure is null ? $"{Outcome} ({Findings.Count} findings)" : $"failed: {Failure.Class} {Failure.Reason}";
}

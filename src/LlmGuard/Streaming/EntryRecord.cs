using LlmGuard.Execution;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>What one entry has come to over a stream so far. Used by one thread at a time.</summary>
internal sealed class EntryRecord(PlanEntry entry, int maxFindings)
{
    private readonly List<GuardrailFinding> _findings = [];
    private VerdictOutcome _outcome;
    private GuardrailFailure? _failure;
    private GuardrailRefusal? _refusal;
    private KeyValuePair<string, string>[] _headers = [];
    private TimeSpan _elapsed;
    private bool _wasCancelled;

    public PlanEntry Entry => entry;

    /// <summary>Whether there are more findings than the policy allows, which fails the entry.</summary>
    public bool HasTooMany => _findings.Count > maxFindings;

    /// <summary>Availability failures in a row; with the third the entry is retired from this stream.</summary>
    public int FailuresInARow { get; private set; }

    /// <summary>A span was found; it is edited or blocks, which is told apart by <see cref="Block"/>.</summary>
    public void Find(in GuardrailFinding finding)
    {
        if (!HasTooMany)
        {
            _findings.Add(finding);
        }

        Raise(VerdictOutcome.Flag);
    }

    public void Modify() => Raise(VerdictOutcome.Modify);

    public void Block(GuardrailRefusal? refusal)
    {
        _refusal ??= refusal;
        Raise(VerdictOutcome.Block);
    }

    public void Fail(FailureClass failureClass, string reason) => _failure = new GuardrailFailure(failureClass, reason);

    /// <summary>Takes what an evaluation of part of the stream came to.</summary>
    public void Absorb(Conclusion conclusion)
    {
        foreach (var finding in conclusion.Findings)
        {
            Find(finding);
        }

        Raise(conclusion.Outcome);
        _failure = conclusion.Failure ?? _failure;
        _refusal ??= conclusion.Refusal;
        _wasCancelled |= conclusion.WasCancelled;
        _elapsed += conclusion.Elapsed;
        _headers = conclusion.ResponseHeaders.Length > 0 ? [.. _headers, .. conclusion.ResponseHeaders] : _headers;
        FailuresInARow = conclusion.Failure is { Class: FailureClass.Availability } ? FailuresInARow + 1 : 0;
    }

    /// <summary>The entry's part in the stage's one decision.</summary>
    public Conclusion ToConclusion() => new()
    {
        Entry = entry,
        Outcome = _outcome,
        Failure = _failure,
        WasCancelled = _wasCancelled,
        Findings = [.. _findings.Take(maxFindings)],
        Refusal = _refusal,
        ResponseHeaders = _headers,
        Elapsed = _elapsed,
    };

    private void Raise(VerdictOutcome outcome) => _outcome = Severity(outcome) > Severity(_outcome) ? outcome : _outcome;

    private static int Severity(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Allow => 0,
        VerdictOutcome.Flag => 1,
        VerdictOutcome.Modify => 2,
        _ => 3,
    };
}

namespace LlmGuard.Execution.Evaluations;

/// <summary>Reads a verdict out of a plugin's hands and refuses what the stage, the metadata or the limits do not allow.</summary>
/// <remarks>A verdict's lists may be a plugin's own and may throw: call this where the evaluator is called, under the same catch.</remarks>
internal static class VerdictReader
{
    public static Conclusion Read(in EntryInput input, GuardrailVerdict? verdict, TimeSpan elapsed)
    {
        var entry = input.Entry;
        if (ReferenceEquals(verdict, GuardrailVerdict.Allow))
        {
            return new Conclusion { Entry = entry, Elapsed = elapsed };
        }

        if (verdict is null)
        {
            return Conclusion.Failed(entry, FailureClass.Input, FailureReasons.InvalidVerdict, elapsed);
        }

        KeyValuePair<string, string>[] headers = [.. verdict.ResponseHeaders];
        if (!headers.All(h => HeaderRules.IsResponseHeader(h.Key, h.Value)))
        {
            return Conclusion.Failed(entry, FailureClass.Input, FailureReasons.InvalidVerdict, elapsed);
        }

        if (verdict.Failure is { } failure)
        {
            return new Conclusion { Entry = entry, Failure = failure with { Reason = ReasonCodes.Clean(failure.Reason) },
                ResponseHeaders = headers, Elapsed = elapsed };
        }

        var limit = input.MaxFindings;
        if (verdict.Findings.Count > limit || verdict.Edits.Count > limit || verdict.RequestChanges.Count > limit)
        {
            return Conclusion.Failed(entry, FailureClass.Input, FailureReasons.LimitExceeded, elapsed);
        }

        SegmentEdit[] edits = verdict.Outcome == VerdictOutcome.Modify ? [.. verdict.Edits] : [];
        RequestChange[] changes = verdict.Outcome == VerdictOutcome.Modify ? [.. verdict.RequestChanges] : [];
        if (Problem(input, edits, changes) is { } problem)
        {
            return Conclusion.Failed(entry, FailureClass.Input, problem, elapsed);
        }

        GuardrailFinding[] findings = [.. verdict.Findings];
        return new Conclusion
        {
            Entry = entry,
            Outcome = OutcomeOf(verdict.Outcome, edits, changes, findings),
            Findings = findings,
            Edits = edits,
            RequestChanges = changes,
            ResponseHeaders = headers,
            Refusal = verdict.Refusal,
            Elapsed = elapsed,
        };
    }

    /// <summary>A modification that modifies nothing is at most noteworthy.</summary>
    private static VerdictOutcome OutcomeOf(VerdictOutcome outcome, SegmentEdit[] edits, RequestChange[] changes, GuardrailFinding[] findings) =>
        outcome != VerdictOutcome.Modify || edits.Length + changes.Length > 0 ? outcome
        : findings.Length > 0 ? VerdictOutcome.Flag
        : VerdictOutcome.Allow;

    private static string? Problem(in EntryInput input, SegmentEdit[] edits, RequestChange[] changes)
    {
        if (changes.Length > 0 && (input.Stage != GuardrailStage.PreRequest || !input.Entry.Plugin.Rewrites || !changes.All(IsAllowed)))
        {
            return FailureReasons.InvalidVerdict;
        }

        if (edits.Length > 0 && (input.Stage == GuardrailStage.PostRequest || !input.Entry.Plugin.Rewrites))
        {
            return FailureReasons.InvalidEdit;
        }

        foreach (var edit in edits)
        {
            if (EditRules.Problem(edit, input.Entry, input.Call.Content, input.Earlier) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static bool IsAllowed(RequestChange change) => change switch
    {
        RequestChange.Header header => HeaderRules.IsRequestHeader(header.Name, header.Value),
        RequestChange.MaxTokens tokens => tokens.Limit > 0,
        RequestChange.Model model => !string.IsNullOrEmpty(model.Name),
        RequestChange.QueryValue query => !string.IsNullOrEmpty(query.Name),
        _ => change is not null,
    };
}

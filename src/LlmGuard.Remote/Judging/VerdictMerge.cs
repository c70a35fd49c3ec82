namespace LlmGuard.Remote.Judging;

/// <summary>Makes one verdict of the verdicts about the parts of a content.</summary>
internal static class VerdictMerge
{
    /// <summary>
    /// A block beats everything, then a failure by the content, then a failure by the judge; among equals the first in order. Otherwise all edits
    /// and findings together. Does not depend on which answer came first.
    /// </summary>
    /// <param name="verdicts">The verdicts in the order of the questions; null for one that was not needed because of an earlier block.</param>
    public static GuardrailVerdict Merge(ReadOnlySpan<GuardrailVerdict?> verdicts)
    {
        GuardrailVerdict? failure = null;
        foreach (var verdict in verdicts)
        {
            if (verdict is { Failure: null, Outcome: VerdictOutcome.Block })
            {
                return verdict;
            }

            if (verdict?.Failure is { } reason && (failure is null
                || (reason.Class == FailureClass.Input && failure.Failure!.Class != FailureClass.Input)))
            {
                failure = verdict;
            }
        }

        return failure ?? Together(verdicts);
    }

    private static GuardrailVerdict Together(ReadOnlySpan<GuardrailVerdict?> verdicts)
    {
        var edits = new HashSet<SegmentEdit>();
        var findings = new HashSet<GuardrailFinding>();
        foreach (var verdict in verdicts)
        {
            // Neighbouring chunks overlap: what lies in both is found twice and is one finding.
            edits.UnionWith(verdict!.Edits);
            findings.UnionWith(verdict.Findings);
        }

        return edits.Count > 0 ? GuardrailVerdict.Modify([.. edits], [.. findings])
            : findings.Count > 0 ? GuardrailVerdict.Flag([.. findings])
            : GuardrailVerdict.Allow;
    }
}

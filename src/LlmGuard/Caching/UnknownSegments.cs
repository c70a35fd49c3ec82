using LlmGuard.Execution;

namespace LlmGuard.Caching;

/// <summary>What an entry has yet to judge of a content, and under which keys it is remembered if nothing is found.</summary>
internal sealed class UnknownSegments(CleanSegmentCache cache, GuardrailContent content, int[] indexes, UInt128[] keys)
{
    /// <summary>Evaluators need not report more: a verdict with as many findings may have been cut short.</summary>
    private const int MaxReported = 1000;

    /// <summary>The content without what is known to be clean.</summary>
    public GuardrailContent Content => content;

    /// <summary>Remembers what was found clean.</summary>
    /// <param name="conclusion">What the entry concluded about <see cref="Content"/>, nobody having told it to stop.</param>
    /// <param name="maxFindings">The policy's limit on findings.</param>
    public void Settle(Conclusion conclusion, int maxFindings)
    {
        if (!SaysAll(conclusion, maxFindings))
        {
            return;
        }

        HashSet<UInt128>? found = null;
        foreach (var finding in conclusion.Findings)
        {
            Note(finding.Segment);
        }

        foreach (var edit in conclusion.Edits)
        {
            Note(edit.Segment);
        }

        var previous = UInt128.Zero;
        foreach (var key in keys)
        {
            if (key != 0 && key != previous && found?.Contains(key) != true)
            {
                cache.Remember(key);
            }

            previous = key;
        }

        void Note(int segment)
        {
            var place = Array.BinarySearch(indexes, segment);
            if (place >= 0)
            {
                (found ??= []).Add(keys[place]);
            }
        }
    }

    /// <summary>Whether every segment that a conclusion does not name is clean.</summary>
    private static bool SaysAll(Conclusion conclusion, int maxFindings) =>
        conclusion is { Failure: null, WasCancelled: false, RequestChanges.Length: 0, ResponseHeaders.Length: 0 }
        && conclusion.Outcome != VerdictOutcome.Block
        && (conclusion.Outcome == VerdictOutcome.Allow || conclusion.Findings.Length + conclusion.Edits.Length > 0)
        && conclusion.Findings.Length < Math.Min(MaxReported, maxFindings)
        && !Array.Exists(conclusion.Findings, static f => f.Segment < 0);
}

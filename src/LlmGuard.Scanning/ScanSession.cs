using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning;

/// <summary>The scan of one text that may arrive in pieces. For one thread at a time.</summary>
/// <remarks>
/// The spans of a text are the same for every way of cutting it. Each matcher reports what is decided and from where on nothing is; overlapping
/// matches become one span (every byte that any rule matches is covered), cut at the longest span the plan allows; and nothing is released that
/// an undecided match, or a span it could still join, may reach.
/// </remarks>
internal sealed class ScanSession
{
    private const int LongestKept = 1 << 20;

    private readonly ScanPlan _plan;
    private readonly List<IScanMatcher> _matchers;
    private readonly List<Candidate> _candidates = [];
    private readonly List<Candidate> _kept = [];
    private long _released;
    private int _longest;

    internal ScanSession(ScanPlan plan, List<IScanMatcher> matchers)
    {
        _plan = plan;
        _matchers = matchers;
    }

    /// <summary>Whether a text was so long that what was made for it is not worth keeping.</summary>
    public bool IsOversized => _longest > LongestKept || _candidates.Capacity > PatternSearch.LargestKept;

    /// <summary>The matchers, for tests that count their work.</summary>
    internal IReadOnlyList<IScanMatcher> Matchers => _matchers;

    /// <summary>Takes what is known of the text beyond what was released.</summary>
    /// <param name="pending">Valid UTF-8: left context, then everything not released.</param>
    /// <param name="context">How many bytes are left context: at least <see cref="ScanPlan.Left"/> once that many were released.</param>
    /// <param name="isEnd">Whether the text ends here.</param>
    /// <param name="spans">Receives the spans of the part that is released.</param>
    /// <returns>How many bytes, context included, are released. All of them at the end.</returns>
    /// <exception cref="ScanBoundException">The text cannot be judged within bounds.</exception>
    public int Advance(ReadOnlySpan<byte> pending, int context, bool isEnd, List<ScanSpan> spans)
    {
        _longest = Math.Max(_longest, pending.Length);
        var window = new ScanWindow(pending, context, _released - context, isEnd);
        _candidates.Clear();
        if (_kept.Count > 0)
        {
            _candidates.AddRange(_kept);
        }

        var decided = window.End;
        foreach (var matcher in _matchers)
        {
            decided = Math.Min(decided, matcher.Find(window, _candidates));
        }

        if (_candidates.Count == 0)
        {
            _released = Math.Max(_released, decided);
            return (int)(_released - window.Origin);
        }

        _candidates.Sort();
        _released = Settle(_candidates, _plan.MaxSpan, window.Origin, _released, decided, spans);
        Keep();
        return (int)(_released - window.Origin);
    }

    /// <summary>Scans a text that is there as a whole, after forgetting what was before.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="spans">Receives the spans; what it held is gone.</param>
    /// <exception cref="ScanBoundException">The text cannot be judged within bounds.</exception>
    public void Scan(ReadOnlySpan<byte> text, List<ScanSpan> spans)
    {
        spans.Clear();
        Reset();
        Advance(text, 0, isEnd: true, spans);
        StepCount.Current?.Add(text.Length + StepsOf(_matchers));
    }

    /// <summary>Forgets what was before: what comes next begins another text.</summary>
    public void Reset()
    {
        _kept.Clear();
        _released = 0;
        foreach (var matcher in _matchers)
        {
            matcher.Reset();
        }
    }

    /// <summary>Steps that some matchers have taken since they were reset.</summary>
    internal static long StepsOf(IReadOnlyList<IScanMatcher> matchers)
    {
        var steps = 0L;
        foreach (var matcher in matchers)
        {
            steps += matcher.Steps;
        }

        return steps;
    }

    /// <summary>Makes spans of candidates.</summary>
    /// <param name="candidates">The candidates, sorted.</param>
    /// <param name="maxSpan">Where overlapping candidates are cut.</param>
    /// <param name="origin">Offset in the text from which the spans count.</param>
    /// <param name="released">Offset up to which the text is settled.</param>
    /// <param name="decided">Offset before which every candidate is there.</param>
    /// <param name="spans">Receives the spans.</param>
    /// <returns>The offset up to which the text is settled now.</returns>
    public static long Settle(List<Candidate> candidates, int maxSpan, long origin, long released, long decided, List<ScanSpan> spans)
    {
        var covered = released;
        var next = 0;
        while (next < candidates.Count)
        {
            var first = candidates[next++];
            var start = Math.Max(first.Start, covered);
            if (first.End <= start)
            {
                continue;
            }

            if (start >= decided)
            {
                break;
            }

            var (end, strongest) = (first.End, first);
            for (; next < candidates.Count && candidates[next].Start < Math.Min(end, decided); next++)
            {
                var candidate = candidates[next];
                if (candidate.End - start > maxSpan && candidate.End > end)
                {
                    break;
                }

                end = Math.Max(end, candidate.End);
                strongest = IsStronger(candidate, strongest) ? candidate : strongest;
            }

            // A match that is not decided yet could still join.
            if (end > decided)
            {
                return start;
            }

            var isUnion = strongest.IsClipped || strongest.Start != start || strongest.End != end;
            spans.Add(new ScanSpan((int)(start - origin), (int)(end - start), strongest.Rule, isUnion, strongest.IsTail, strongest.Confidence));
            covered = end;
        }

        return Math.Max(covered, decided);
    }

    private static bool IsStronger(Candidate candidate, Candidate than) =>
        candidate.IsTail != than.IsTail ? than.IsTail
        : candidate.Rule != than.Rule ? candidate.Rule < than.Rule
        : candidate.End - candidate.Start > than.End - than.Start;

    // A match beyond what is released may have been recognised by something that is released, and so would not be found again.
    private void Keep()
    {
        _kept.Clear();
        foreach (var candidate in _candidates)
        {
            if (candidate.End > _released)
            {
                var kept = candidate.Start >= _released ? candidate : candidate with { Start = _released, IsClipped = true };
                if (_kept.Count == 0 || _kept[^1] != kept)
                {
                    _kept.Add(kept);
                }
            }
        }
    }
}

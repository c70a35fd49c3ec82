using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Finds the keywords of one set.</summary>
internal sealed class KeywordMatcher(KeywordSet set) : IScanMatcher
{
    private readonly WordWindows _words = new();
    private long _steps;

    public long Steps => _steps;

    public void Reset() => _steps = 0;

    public void CopyFrom(IScanMatcher other) => Reset();

    public long Find(in ScanWindow window, List<Candidate> found)
    {
        if (set.View == KeywordView.Exact)
        {
            return FindIn(window, window.Bytes, null, found);
        }

        using var folded = FoldedText.Rent();
        KeywordSet.Fold(window.Bytes, set.View, folded);
        return folded.HasExcessiveIgnorables
            ? throw new ScanBoundException(ScanBound.Ignorables)
            : FindIn(window, folded.Utf8, folded, found);
    }

    private long FindIn(in ScanWindow window, ReadOnlySpan<byte> view, FoldedText? map, List<Candidate> found)
    {
        var open = FindExact(window, view, map, found);
        if (set.Fuzzy.Length > 0)
        {
            _words.Split(view);
            foreach (var keyword in set.Fuzzy)
            {
                open = Math.Min(open, _words.Find(keyword, view, !window.IsEnd, out var matches, ref _steps));
                foreach (var (start, length) in matches)
                {
                    Report(window, map, start, length, keyword.Rule, found);
                }
            }
        }

        // What could start in the left context is no longer to be edited.
        return window.Origin + (open == view.Length ? window.Bytes.Length : Math.Max(window.Context, Original(map, open, 1).Start));
    }

    private int FindExact(in ScanWindow window, ReadOnlySpan<byte> view, FoldedText? map, List<Candidate> found)
    {
        var open = view.Length;
        for (var at = 0; at < view.Length; at++)
        {
            var next = view[at..].IndexOfAny(set.Trie.FirstBytes);
            if (next < 0)
            {
                break;
            }

            at += next;
            var length = set.Trie.LongestAt(view, at, out var rule, ref _steps, out var isOpen);
            if (isOpen && !window.IsEnd)
            {
                open = Math.Min(open, at);
            }
            else if (length > 0)
            {
                Report(window, map, at, length, rule, found);
            }
        }

        return open;
    }

    private static void Report(in ScanWindow window, FoldedText? map, int start, int length, int rule, List<Candidate> found)
    {
        var span = Original(map, start, length);
        if (span.Start >= window.Context)
        {
            found.Add(new Candidate(window.Origin + span.Start, window.Origin + span.Start + span.Length, rule));
        }
    }

    private static (int Start, int Length) Original(FoldedText? map, int start, int length) => map?.ToOriginal(start, length) ?? (start, length);
}

using LlmGuard.Scanning.Folding;

namespace LlmGuard.Scanning.Keywords;

/// <summary>Finds the keywords of one set.</summary>
internal sealed class KeywordMatcher(KeywordSet set) : IScanMatcher
{
    private readonly List<int> _starts = [];
    private readonly List<(int Start, int Length, int Rule)> _hits = [];
    private LeetSearch? _leet;
    private NearSearch? _near;
    private WordWindows? _words;
    private long _steps;

    public long Steps => _steps;

    public void Reset() => _steps = 0;

    public void CopyFrom(IScanMatcher other) => Reset();

    public long Find(in ScanWindow window, List<Candidate> found)
    {
        // ASCII without control characters folds to itself but for the case of letters, which the tables look past.
        if (set.View == KeywordView.Exact || !window.Bytes.ContainsAnyExcept(TextFolder.KeptAscii))
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
        _hits.Clear();
        var open = Math.Min(Math.Min(FindExact(window, view), FindDisguised(window, view)), FindFuzzy(window, view));
        foreach (var (start, length, rule) in _hits)
        {
            Report(window, map, start, length, rule, found);
        }

        // What could start in the left context is no longer to be edited.
        return window.Origin + (open == view.Length ? window.Bytes.Length : Math.Max(window.Context, Original(map, open, 1).Start));
    }

    private int FindExact(in ScanWindow window, ReadOnlySpan<byte> view)
    {
        _starts.Clear();
        set.Trie.FindStarts(view, _starts, ref _steps);
        foreach (var start in _starts)
        {
            var length = set.Trie.LongestAt(view, start, out var rule, ref _steps, out var isOpen);
            if (length > 0 && (!isOpen || window.IsEnd))
            {
                _hits.Add((start, length, rule));
            }
        }

        return window.IsEnd ? view.Length : OpenTail(set.Trie, view);
    }

    private int FindDisguised(in ScanWindow window, ReadOnlySpan<byte> view)
    {
        var open = view.Length;
        if (set.Leet is { } leet)
        {
            (_leet ??= new LeetSearch(leet)).Find(view, window.IsEnd, _hits, ref _steps);
            open = window.IsEnd ? open : OpenTail(leet, view);
        }

        return set.Spaced is { } spaced ? Math.Min(open, SpacedSearch.Find(spaced, view, window.IsEnd, _hits, ref _steps)) : open;
    }

    private int FindFuzzy(in ScanWindow window, ReadOnlySpan<byte> view)
    {
        var map = set.View == KeywordView.Exact ? LeetLetters.Exact : LeetLetters.AnyCase;
        var open = set.Near.IsEmpty ? view.Length : (_near ??= new NearSearch()).Find(set.Near, view, map, !window.IsEnd, _hits, ref _steps);
        if (set.Phrases.Length > 0)
        {
            (_words ??= new WordWindows()).Split(view, map);
            foreach (var keyword in set.Phrases)
            {
                open = Math.Min(open, _words.Find(keyword, view, map, !window.IsEnd, out var matches, ref _steps));
                foreach (var (start, length) in matches)
                {
                    _hits.Add((start, length, keyword.Rule));
                }
            }
        }

        return open;
    }

    // Where a keyword could begin that goes on behind the end.
    private int OpenTail(KeywordTrie trie, ReadOnlySpan<byte> view)
    {
        for (var at = Math.Max(0, view.Length - trie.Longest); at < view.Length; at++)
        {
            trie.LongestAt(view, at, out _, ref _steps, out var isOpen);
            if (isOpen)
            {
                return at;
            }
        }

        return view.Length;
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

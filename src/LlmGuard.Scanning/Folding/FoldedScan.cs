using System.Diagnostics.CodeAnalysis;
using LlmGuard.Scanning.Folding.Fuzzy;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Folding;

/// <summary>
/// Looks for keywords and patterns in the folded form of a growing text, and where it holds tag characters in the form that has the text they hide.
/// Used by one session.
/// </summary>
/// <remarks>
/// The text is folded a block at a time, and of the folded form only what is not decided yet is kept: the memory it takes does not depend on the
/// length of the text. Text without disguise is searched for patterns as it is written, with regard to case; so a match that only case tells from the
/// written text does not count here.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification =
    "Disposing a folded text only keeps it for another user; here it is the scan's own for good.")]
internal sealed class FoldedScan : IScanMatcher
{
    /// <summary>Bytes of the text that are folded at once. Both forms together stay in a processor's nearest cache.</summary>
    public const int Block = 16 * 1024;

    private const int LargestKept = 256 * 1024;
    private const int LongestCharacter = 4;

    private readonly FoldedRules _rules;
    private readonly int[] _numbers;
    private readonly int _widest;
    private readonly TagReading _tags;
    private readonly FoldedText _folded = new();
    private readonly FuzzySearch _words;
    private readonly PatternRun[] _patterns;
    private readonly List<FuzzyMatch> _matches = [];
    private readonly List<Candidate> _found = [];
    private FoldedScan? _hidden;
    private bool _hasHidden;
    private bool _hasPatterns = true;
    private long _taken;
    private long _steps;

    /// <param name="rules">What to look for.</param>
    /// <param name="numbers">For each keyword, then each pattern, the number of the rule.</param>
    /// <param name="widest">Most bytes of the text that <see cref="FoldedText.Block"/> folded ones may be made from.</param>
    /// <param name="tags">How tag characters are read. As nothing, the other reading is searched too.</param>
    public FoldedScan(FoldedRules rules, int[] numbers, int widest, TagReading tags = TagReading.AsNothing)
    {
        (_rules, _numbers, _widest, _tags) = (rules, numbers, widest, tags);
        _words = new FuzzySearch(rules.Words);
        _patterns = rules.Patterns.NewRuns(numbers.AsSpan(rules.KeywordCount));
        _folded.Reset(0);
    }

    public long Steps
    {
        get
        {
            var steps = _steps + (_hasHidden ? _hidden!.Steps : 0);
            foreach (var pattern in _patterns)
            {
                steps += pattern.Steps;
            }

            return steps;
        }
    }

    /// <summary>Whether the text holds characters that folding drops.</summary>
    public bool HasDropped { get; private set; }

    /// <summary>Whether a text with very many hits has left it too large to be kept.</summary>
    public bool IsOversized =>
        _matches.Capacity > PatternSearch.LargestKept || _found.Capacity > PatternSearch.LargestKept || _hidden is { IsOversized: true };

    public void Reset() => Reset(hasPatterns: true);

    /// <summary>Forgets the text, to start on another.</summary>
    /// <param name="hasPatterns">Whether to look for patterns: in a text of plain ASCII every match is found as it is written.</param>
    public void Reset(bool hasPatterns)
    {
        _folded.Reset(0, LargestKept);
        _words.Reset();
        foreach (var pattern in _patterns)
        {
            pattern.Reset();
        }

        _hidden?.Reset(hasPatterns);
        (_taken, _steps, _hasHidden, _hasPatterns, HasDropped) = (0, 0, false, hasPatterns, false);
    }

    public void CopyFrom(IScanMatcher other)
    {
        var scan = (FoldedScan)other;
        _folded.CopyFrom(scan._folded);
        _words.CopyFrom(scan._words);
        for (var i = 0; i < _patterns.Length; i++)
        {
            _patterns[i].CopyFrom(scan._patterns[i]);
        }

        (_taken, _steps, _hasHidden, _hasPatterns, HasDropped) = (scan._taken, scan._steps, scan._hasHidden, scan._hasPatterns, scan.HasDropped);
        if (_hasHidden)
        {
            Hidden.CopyFrom(scan._hidden!);
        }
    }

    public long Find(in ScanWindow window, List<Candidate> found)
    {
        if (_tags == TagReading.AsNothing && !_hasHidden && FoldTable.MayHide(window.Bytes[(int)(_taken - window.Origin)..]))
        {
            // Up to here both readings are the same.
            Hidden.CopyFrom(this);
            _hasHidden = true;
        }

        var decided = FindHere(window, found);
        return _hasHidden ? Math.Min(decided, _hidden!.FindHere(window, found)) : decided;
    }

    private FoldedScan Hidden => _hidden ??= new FoldedScan(_rules, _numbers, _widest, TagReading.AsText);

    private long FindHere(in ScanWindow window, List<Candidate> found)
    {
        while (true)
        {
            var at = (int)(_taken - window.Origin);
            var end = EndOfBlock(window.Bytes, at);
            var isLast = end == window.Bytes.Length;
            var isEnd = isLast && window.IsEnd;
            var next = TextFolder.Append(window.Bytes[..end], at, window.Origin, isEnd, _folded, _tags);
            _steps += next - at;
            _taken = window.Origin + next;
            if (_folded.HasExcessiveIgnorables || _folded.Widest > _widest)
            {
                throw new ScanBoundException(_folded.HasExcessiveIgnorables ? ScanBound.Ignorables : ScanBound.ViewLength);
            }

            HasDropped |= _folded.HasDropped;
            var decided = FindFolded(window, isEnd, found);
            if (isLast)
            {
                return decided;
            }
        }
    }

    private static int EndOfBlock(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes.Length - at <= Block)
        {
            return bytes.Length;
        }

        var end = at + Block;
        while (AsciiByte.IsContinuation(bytes[end]))
        {
            end--;
        }

        return end;
    }

    private long FindFolded(in ScanWindow window, bool isEnd, List<Candidate> found)
    {
        var origin = checked((int)_folded.Origin);
        _matches.Clear();
        _steps += _words.Advance(_folded.Utf8, origin, isEnd, _matches);
        foreach (var match in _matches)
        {
            var (start, end) = OriginalOf(match.Start - origin, match.Length);
            found.Add(new Candidate(start, end, _numbers[match.Keyword], Confidence: (byte)Math.Round(match.Similarity * 100)));
        }

        var decided = _hasPatterns ? FindPatterns(window, isEnd, found) : _words.Decided;
        if (isEnd)
        {
            // Nothing of the text is kept.
            _folded.Reset(0, LargestKept);
            return window.End;
        }

        var open = (int)(decided - origin);
        var original = open == _folded.Utf8.Length ? _taken : OriginalOf(open, 1).Start;
        _folded.Forget(open - LongestCharacter);
        return original;
    }

    private long FindPatterns(in ScanWindow window, bool isEnd, List<Candidate> found)
    {
        long decided = _words.Decided;
        var folded = new ScanWindow(_folded.Utf8, 0, _folded.Origin, isEnd);
        _found.Clear();
        foreach (var pattern in _patterns)
        {
            decided = Math.Min(decided, pattern.Find(folded, _found));
        }

        foreach (var match in _found)
        {
            var (at, length) = ((int)(match.Start - _folded.Origin), (int)(match.End - match.Start));
            var (start, end) = OriginalOf(at, length);
            var written = window.Bytes[(int)(start - window.Origin)..(int)(end - window.Origin)];
            if (!System.Text.Ascii.EqualsIgnoreCase(written, _folded.Utf8.Slice(at, length)))
            {
                found.Add(match with { Start = start, End = end });
            }
        }

        return decided;
    }

    private (long Start, long End) OriginalOf(int start, int length)
    {
        var (original, originalLength) = _folded.ToOriginal(start, length);
        return (_folded.Original + original, _folded.Original + original + originalLength);
    }
}

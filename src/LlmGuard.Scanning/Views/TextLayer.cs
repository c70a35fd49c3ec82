using LlmGuard.Scanning.Entities;

namespace LlmGuard.Scanning.Views;

/// <summary>Looks for rules in a text, in its normalised view, and in the texts that stand encoded in it, which are layers of their own.</summary>
internal sealed class TextLayer : IScanMatcher
{
    /// <summary>How often encoded text is decoded.</summary>
    public const int Depth = 3;

    // Of a longer one the filter looks at many offsets at once.
    private const int LongestRow = 48;

    private readonly ScanPlan _plan;
    private readonly int _depth;
    private readonly List<IScanMatcher> _matchers;
    private readonly NormalisedView _view;
    private readonly EncodedTexts _encoded;
    private readonly HiddenTexts _hidden;
    private readonly List<Candidate> _found = [];
    private readonly EntityMatcher? _onlyEntities;
    private List<IScanMatcher>? _inView;
    private bool _wasActive;
    private bool _isFresh = true;
    private long _rowSteps;

    public TextLayer(ScanPlan plan, int depth = 0)
    {
        (_plan, _depth, _matchers) = (plan, depth, plan.NewMatchers(depth));

        // What is encoded takes up to twice the bytes at every level, and a view of it must not take more of the text than one of the text itself.
        _view = new NormalisedView(ScanPlan.ViewLimit >> depth, plan.KeepsLetters);
        _encoded = new EncodedTexts(NextLayer);
        _hidden = new HiddenTexts(NextLayer);
        _onlyEntities = _matchers is [EntityMatcher entities] ? entities : null;
    }

    public long Steps => _rowSteps + _view.Steps + _encoded.Steps + _hidden.Steps + StepsOf(_matchers) + StepsOf(_inView);

    public void Reset()
    {
        _rowSteps = 0;
        if (_isFresh)
        {
            return;
        }

        _isFresh = true;
        _view.Reset();
        _encoded.Reset();
        _hidden.Reset();
        _wasActive = false;
        foreach (var matcher in _matchers)
        {
            matcher.Reset();
        }

        for (var i = 0; i < _inView?.Count; i++)
        {
            _inView[i].Reset();
        }
    }

    // A layer is the outermost there is of its text, so that nothing ever goes on from one.
    public void CopyFrom(IScanMatcher other) => throw new NotSupportedException();

    public long Find(in ScanWindow window, List<Candidate> found) => PassWords(window, out var last) ? last : FindAny(window, found);

    private long FindAny(in ScanWindow window, List<Candidate> found)
    {
        if (IsPlainRow(window))
        {
            if (!EncodedTexts.MayHold(window.Bytes))
            {
                return window.End;
            }

            _isFresh = false;
            return Math.Min(window.End, _encoded.Take(window, found));
        }

        _isFresh = false;
        _view.Take(window);
        return _view.IsActive ? FindInBoth(window, found) : FindIn(window.Until(_view.Next), found);
    }

    /// <summary>
    /// Passes over a few plain words that nobody is to be asked about, as most pieces of an answer are: with the same result as the long way, and
    /// the same state behind it.
    /// </summary>
    /// <param name="window">What is known of the text.</param>
    /// <param name="open">Receives where an undecided match could begin.</param>
    private bool PassWords(in ScanWindow window, out long open)
    {
        open = 0;
        if (_onlyEntities is null || _view.IsActive || _encoded.IsInRow || window.IsEnd
            || !PlainBytes.AreWords(window.Bytes, (int)(_encoded.Next - window.Origin), out var words)
            || !_onlyEntities.Pass(window, words, out open))
        {
            return false;
        }

        _isFresh = false;
        _view.Pass(window.End);
        _encoded.Pass(window.Origin + words.Row);
        open = Math.Min(open, _encoded.Next);
        return true;
    }

    /// <summary>
    /// Whether a whole text is one row of letters and digits in which nobody finds anything, as the paddings of events are. It may still stand for
    /// another text. Nothing is changed by it, so that the next one begins at once.
    /// </summary>
    private bool IsPlainRow(in ScanWindow window) =>
        window.IsEnd && _isFresh && window.Origin + window.Context == 0 && window.Bytes.Length <= LongestRow
        && _onlyEntities is not null && _onlyEntities.PassRow(window.Bytes, out _rowSteps);

    // As long as the view is the text, it ends where the view does: then both go on from the same state.
    private long FindIn(in ScanWindow window, List<Candidate> found)
    {
        var open = Find(_matchers, window, found);
        return Math.Min(open, _encoded.Take(window, found));
    }

    private long FindInBoth(in ScanWindow window, List<Candidate> found)
    {
        if (!_wasActive)
        {
            _inView ??= MatchersInView();
            for (var i = 0; i < _matchers.Count; i++)
            {
                _inView[i].CopyFrom(_matchers[i]);
            }

            _wasActive = true;
        }

        var open = Math.Min(_view.Next, Find(_matchers, window, found));
        open = Math.Min(open, _hidden.Take(window, found));
        var text = _view.Text;
        var first = text.FirstFrom(window.Origin + window.Context);
        text.Forget(first - ScanPlan.Left);
        var inView = new ScanWindow(text.Bytes, (int)(first - text.Origin), text.Origin, window.IsEnd);
        _found.Clear();
        var openInView = Math.Min(Find(_inView!, inView, _found), _encoded.Take(inView, _found));
        text.AddOriginals(_found, found);
        return openInView < text.End ? Math.Min(open, text.OriginalStart(openInView)) : open;
    }

    // What both have in common is judged once where that is what takes time.
    private List<IScanMatcher> MatchersInView()
    {
        var inView = _plan.NewMatchers(_depth);
        for (var i = 0; i < inView.Count; i++)
        {
            if (inView[i] is EntityMatcher entities)
            {
                entities.Follow(_view.Text, (EntityMatcher)_matchers[i]);
            }
        }

        return inView;
    }

    private static long Find(List<IScanMatcher> matchers, in ScanWindow window, List<Candidate> found)
    {
        var open = window.End;
        foreach (var matcher in matchers)
        {
            open = Math.Min(open, matcher.Find(window, found));
        }

        return open;
    }

    private static long StepsOf(List<IScanMatcher>? matchers)
    {
        var steps = 0L;
        for (var i = 0; i < matchers?.Count; i++)
        {
            steps += matchers[i].Steps;
        }

        return steps;
    }

    private TextLayer NextLayer() =>
        _depth < Depth ? new TextLayer(_plan, _depth + 1) : throw new ScanBoundException(ScanBound.ViewDepth);
}

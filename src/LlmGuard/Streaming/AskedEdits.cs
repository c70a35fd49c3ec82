using LlmGuard.Execution.Edits;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>
/// What entries ask for of one growing text, until those beside them have decided too: rules of finite reach know sooner than judges of whole text.
/// Used by one thread at a time.
/// </summary>
internal sealed class AskedEdits
{
    private readonly OpenUnion _union = new();
    private readonly List<Asked> _edits = [];
    private MergedEdit[] _merged = [];
    private int _known;
    private long _decided;

    /// <summary>Offset of what has not left.</summary>
    public long Start { get; private set; }

    public void Add(PlanEntry entry, long start, int length, Replacement replacement)
    {
        // A judge that is shown a text once more asks for the same once more.
        if (start >= _decided || !IsKnown(entry.Order, start, length))
        {
            _edits.Add(new Asked(entry.Order, start, length, replacement));
        }
    }

    /// <summary>Whether an edit reaches over an offset.</summary>
    public bool Cross(long at) => _edits.Exists(e => e.Start < at && e.End > at);

    /// <summary>Makes one of what is asked for, once everybody has decided about the text up to an offset.</summary>
    public void Merge(long decided)
    {
        (_decided, _known) = (decided, _edits.Count);
        _merged = _union.Merge(
        [
            .. _edits.OrderBy(static e => e.Order).Select(e => new SegmentEdit(0, new TextSpan((int)(e.Start - Start), e.Length), e.Replacement)),
        ], Start);
    }

    /// <summary>Whether what has become one reaches over an offset.</summary>
    public bool IsCrossed(long at) => Crossing(at) is not null;

    /// <summary>
    /// Whether the text may be cut at an offset up to which everybody has decided: where something reaches over it, it is known what that becomes.
    /// </summary>
    public bool MayCut(long at) => Crossing(at) is not { } union || Start + union.Span.End <= _decided || _union.IsCertain(union, Start, at);

    /// <summary>
    /// What is asked for of the text up to an offset is carried out and forgotten; the text may be cut there. The spans count from
    /// <see cref="Start"/> as it was, and the last may reach over the offset: what it becomes leaves, and nothing of the rest.
    /// </summary>
    public MergedEdit[] Take(long end)
    {
        var taken = Array.FindAll(_merged, e => Start + e.Span.Start < end);
        _union.Leave(taken, Start, end);
        _edits.RemoveAll(e => e.Start < end);
        _known = _edits.Count;
        Start = end;
        return taken;
    }

    /// <summary>Forgets what is asked for of text that has left already.</summary>
    public void Forget(long before)
    {
        Start = Math.Max(Start, before);
        _edits.RemoveAll(e => e.End <= before);
    }

    private MergedEdit? Crossing(long at)
    {
        // Ascending, and none overlaps another.
        var (low, high) = (0, _merged.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Start + _merged[middle].Span.Start < at ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && Start + _merged[low - 1].Span.End > at ? _merged[low - 1] : null;
    }

    private bool IsKnown(int order, long start, int length) =>
        _edits.FindIndex(0, _known, e => e.Order == order && e.Start == start && e.Length == length) >= 0;

    private readonly record struct Asked(int Order, long Start, int Length, Replacement Replacement)
    {
        public long End => Start + Length;
    }
}

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

    /// <summary>Offset of what has not left.</summary>
    public long Start { get; private set; }

    public void Add(PlanEntry entry, long start, int length, Replacement replacement) =>
        _edits.Add(new Asked(entry.Order, start, length, replacement));

    /// <summary>Whether an edit reaches over an offset.</summary>
    public bool Cross(long at) => _edits.Exists(e => e.Start < at && e.End > at);

    /// <summary>Whether the text may be cut at an offset up to which the rules of finite reach have decided.</summary>
    public bool MayCut(long at) => !Cross(at) || _union.MayCut(Before(at), Start, at);

    /// <summary>
    /// What is asked for of the text up to an offset becomes one, and is forgotten. The spans count from <see cref="Start"/> as it was.
    /// </summary>
    /// <param name="end">The offset; the text may be cut there.</param>
    public MergedEdit[] Take(long end)
    {
        var merged = _union.Take(Before(end), Start, end);
        _edits.RemoveAll(e => e.Start < end);
        Start = end;
        return merged;
    }

    /// <summary>Forgets what is asked for of text that has left already.</summary>
    public void Forget(long before)
    {
        Start = Math.Max(Start, before);
        _edits.RemoveAll(e => e.End <= before);
    }

    private List<SegmentEdit> Before(long offset) =>
    [
        .. _edits.Where(e => e.Start < offset).OrderBy(static e => e.Order)
            .Select(e => new SegmentEdit(0, new TextSpan((int)(e.Start - Start), e.Length), e.Replacement)),
    ];

    private readonly record struct Asked(int Order, long Start, int Length, Replacement Replacement)
    {
        public long End => Start + Length;
    }
}

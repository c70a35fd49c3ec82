using LlmGuard.Http.Wire.Streams.Live;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>A stretch of a text that belongs to one part.</summary>
/// <param name="part">The part.</param>
/// <param name="start">Offset of the stretch in the text.</param>
internal sealed class PartRun(PartText part, long start)
{
    // As far as what stands before a match decides about it, a part judged by itself may be judged otherwise.
    private const int Edge = SpanReach.MaxLeft;

    private readonly long _shift = part.Length - start;
    private long _aloneShift;
    private long? _end;

    public PartText Part => part;

    /// <summary>The part by itself, as far as this stretch of it is judged there; null while the text is the part.</summary>
    public LiveChannel? Alone { get; private set; }

    /// <summary>Offset in the text up to which the part by itself is decided.</summary>
    public long DecidedAlone => Alone is null ? long.MaxValue : Alone.Chain.Decided - _aloneShift;

    /// <summary>The stretch that a piece belongs to.</summary>
    /// <param name="last">The stretch of the piece before it.</param>
    /// <param name="part">The piece's part; null where the text has none.</param>
    /// <param name="start">Offset of the piece in the text.</param>
    /// <param name="length">Its bytes.</param>
    public static PartRun? Next(PartRun? last, PartText? part, long start, int length)
    {
        var run = last;
        if (last?.Part != part || last?.Alone != part?.Alone)
        {
            last?._end = start;
            run = part is null ? null : new PartRun(part, start);
            run?.Join(part!.Alone, part.Length);
        }

        part?.Length += length;
        return run;
    }

    /// <summary>Has the stretch be judged with its part alone as well.</summary>
    /// <param name="alone">The part by itself.</param>
    /// <param name="length">Bytes of the part that are in it.</param>
    public void Join(LiveChannel? alone, long length)
    {
        Alone = alone;
        _aloneShift = _shift + (alone?.Chain.Length ?? 0) - length;
    }

    /// <summary>Adds the edits of the part by itself, as edits of the text.</summary>
    public void AddEdits(List<DecidedEdit> edits)
    {
        foreach (var edit in Alone?.Chain.Edits ?? [])
        {
            edits.Add(edit with { Start = edit.Start - _aloneShift });
        }
    }

    /// <summary>What stands before an offset in the text has left.</summary>
    public void Forget(long before) => Alone?.Chain.Forget(before + _aloneShift);

    /// <summary>Whether an edit of the text reaches over an edge of the stretch, or so near to one that the part by itself may not show it.</summary>
    public bool IsAtEdge(in DecidedEdit edit) => (start > 0 && edit.Start < start + Edge) || (_end is { } end && edit.End > end - Edge);

    /// <summary>
    /// What an edit of the text takes from the stretch up to an offset in the text: the replacement goes where the edit's first byte is.
    /// </summary>
    public TextEdit ShareOf(in DecidedEdit edit, long end)
    {
        var from = Math.Max(edit.Start, start);
        return new TextEdit(0, new TextSpan((int)(from + _shift), (int)(Math.Min(edit.End, end) - from)), edit.Start >= start ? edit.Utf8 : default);
    }
}

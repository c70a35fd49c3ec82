namespace LlmGuard.Plugins.DataMasking;

/// <summary>
/// Edits of single parts, into which edits of spans across parts are worked: where both overlap, the span across parts wins and grows.
/// </summary>
internal sealed class JoinedEdits
{
    private readonly SortedDictionary<int, List<SegmentEdit>> _bySegment = [];

    public JoinedEdits(IEnumerable<SegmentEdit> single)
    {
        foreach (var edit in single)
        {
            Of(edit.Segment).Add(edit);
        }
    }

    /// <summary>Adds one part's piece of a span across parts.</summary>
    public void Add(SegmentEdit piece)
    {
        var edits = Of(piece.Segment);
        var (start, end) = (piece.Span.Start, piece.Span.End);
        foreach (var edit in edits)
        {
            if (edit.Span.Overlaps(piece.Span))
            {
                start = Math.Min(start, edit.Span.Start);
                end = Math.Max(end, edit.Span.End);
            }
        }

        var grown = new TextSpan(start, end - start);
        edits.RemoveAll(edit => edit.Span.Overlaps(grown));
        edits.Add(piece with { Span = grown });
    }

    public List<SegmentEdit> ToList() => [.. _bySegment.Values.SelectMany(edits => edits)];

    private List<SegmentEdit> Of(int segment)
    {
        if (!_bySegment.TryGetValue(segment, out var edits))
        {
            _bySegment.Add(segment, edits = []);
        }

        return edits;
    }
}

namespace LlmGuard.Http.Wire.Streams;

/// <summary>The pieces of one text that came in several events, read as one segment, and the way back from an edit to the pieces.</summary>
internal sealed class ChannelText
{
    private readonly List<int> _segments = [];
    private readonly List<int> _starts = [];

    /// <summary>Bytes of all pieces.</summary>
    public int Length { get; private set; }

    public IReadOnlyList<int> Segments => _segments;

    public void Add(int segment, int length)
    {
        _segments.Add(segment);
        _starts.Add(Length);
        Length += length;
    }

    /// <summary>Splits an edit over the pieces: the replacement goes where the first byte is, of the others their part is cut out.</summary>
    public void Split(TextEdit edit, List<TextEdit> pieces)
    {
        var at = _starts.BinarySearch(edit.Span.Start);
        at = at < 0 ? ~at - 1 : at;
        var replacement = edit.Utf8;
        for (var offset = edit.Span.Start; offset < edit.Span.End; at++)
        {
            var end = Math.Min(edit.Span.End, at + 1 < _starts.Count ? _starts[at + 1] : Length);
            pieces.Add(new TextEdit(_segments[at], new TextSpan(offset - _starts[at], end - offset), replacement));
            replacement = default;
            offset = end;
        }
    }
}

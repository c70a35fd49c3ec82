using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>The pieces of one text that came in several events, read as one segment, and the way back from an edit to the pieces.</summary>
internal sealed class ChannelText
{
    private readonly List<int> _segments = [];
    private readonly List<int> _starts = [];
    private readonly List<PartRun?> _runs = [];

    /// <summary>Bytes of all pieces.</summary>
    public int Length { get; private set; }

    public IReadOnlyList<int> Segments => _segments;

    /// <summary>Adds a piece.</summary>
    /// <param name="segment">Its segment among the events'.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="part">The part it belongs to; null where the text has none.</param>
    public void Add(int segment, int length, PartText? part)
    {
        _runs.Add(PartRun.Next(_runs.LastOrDefault(), part, Length, length));
        _segments.Add(segment);
        _starts.Add(Length);
        Length += length;
    }

    /// <summary>The pieces of each part, when there are several parts; else none.</summary>
    public List<ChannelText> Parts { get; } = [];

    /// <summary>Tells the parts apart.</summary>
    public void Separate()
    {
        var parts = new Dictionary<PartText, ChannelText>();
        for (var i = 0; i < _segments.Count; i++)
        {
            if (_runs[i]?.Part is not { } part)
            {
                continue;
            }

            if (!parts.TryGetValue(part, out var alone))
            {
                parts.Add(part, alone = new ChannelText());
            }

            alone.Add(_segments[i], (i + 1 < _starts.Count ? _starts[i + 1] : Length) - _starts[i], null);
        }

        if (parts.Count > 1)
        {
            Parts.AddRange(parts.Values);
        }
    }

    /// <summary>Splits an edit over the pieces: the replacement goes where the first byte is, of the others their part is cut out.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="pieces">Gets the edit of the piece where it begins.</param>
    /// <param name="continued">Gets those of the pieces into which it goes on.</param>
    /// <param name="copies">Gets what later copies of a part lose too.</param>
    public void Split(TextEdit edit, List<TextEdit> pieces, List<TextEdit> continued, PartCopies copies)
    {
        var at = _starts.BinarySearch(edit.Span.Start);
        at = at < 0 ? ~at - 1 : at;
        var replacement = edit.Utf8;
        for (var offset = edit.Span.Start; offset < edit.Span.End; at++)
        {
            var end = Math.Min(edit.Span.End, at + 1 < _starts.Count ? _starts[at + 1] : Length);
            (offset == edit.Span.Start ? pieces : continued).Add(
                new TextEdit(_segments[at], new TextSpan(offset - _starts[at], end - offset), replacement));
            copies.Note(_runs[at], new DecidedEdit(edit.Span.Start, edit.Span.Length, edit.Utf8), end);
            replacement = default;
            offset = end;
        }
    }
}

using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Wire.Streams.Live.Shapes;

/// <summary>
/// Events of one shape that arrived together, one behind the other. They are judged and leave as stretches of bytes: what is not edited is not looked
/// at event by event.
/// </summary>
internal sealed class EventRun
{
    private (int End, long TextEnd)[] _events = new (int, long)[32];
    private ByteQueue _bytes = null!;
    private long _start;
    private byte[] _text = new byte[256];
    private int _textLength;
    private int _count;
    private int _decided;
    private int _left;

    // Where the events end: all, those that are decided, and those that have left.
    private int _end;
    private int _decidedEnd;
    private int _leftEnd;
    private long _textStart;
    private long _textEnd;
    private PartRun? _part;

    public EventRun() => Event = new LiveEvent { Run = this };

    /// <summary>What waits in line for it.</summary>
    public LiveEvent Event { get; }

    public EventShape Shape { get; private set; } = null!;

    /// <summary>Bytes of all its events.</summary>
    public int Length => _end;

    /// <summary>Whether nothing that still comes can change any of its events.</summary>
    public bool IsDecided => _decided == _count;

    /// <summary>Whether all of its events have left.</summary>
    public bool IsOver => _left == _count;

    /// <summary>Where the first of its events that have not left begins, among the bytes of the stream.</summary>
    public long Start => _start + _leftEnd;

    /// <summary>Whether its bytes are no longer those that it was made of, see <see cref="MoveTo"/>.</summary>
    public bool IsMoved { get; private set; }

    /// <summary>How many bytes the events have that are decided and have not left.</summary>
    public int Decided => _decidedEnd - _leftEnd;

    /// <summary>The text of those.</summary>
    public LivePiece Piece => new(Shape.Channel, TextEndOf(_left), (int)(TextEndOf(_decided) - TextEndOf(_left)), 0, _part);

    /// <summary>Whether its text, or its part by itself, has edits that are not forgotten.</summary>
    public bool HasEdits => Shape.Channel.Chain.Edits.Count > 0 || _part?.Alone is { Chain.Edits.Count: > 0 };

    /// <summary>The last event.</summary>
    public ReadOnlySpan<byte> Latest => Bytes(EndOf(_count - 1), _end);

    /// <summary>The last event that is decided.</summary>
    public ReadOnlySpan<byte> Last => Bytes(EndOf(_decided - 1), _decidedEnd);

    /// <summary>Makes it ready for events of a shape.</summary>
    public void Begin(EventShape shape)
    {
        Shape = shape;
        _textStart = _textEnd = shape.Channel.Chain.Length;
        (_count, _textLength, _decided, _left, _part) = (0, 0, 0, 0, null);
        (_end, _decidedEnd, _leftEnd) = (0, 0, 0);
    }

    /// <summary>Adds an event.</summary>
    public void Add(ReadOnlySpan<byte> frame, in KnownEvent found)
    {
        if (_text.Length - _textLength < found.Text.Length)
        {
            Array.Resize(ref _text, 2 * (_textLength + found.Text.Length));
        }

        var written = EventShape.WriteText(frame, found, _text.AsSpan(_textLength));
        _textLength += written;
        Note(found.Length, written);
    }

    /// <summary>
    /// Says that it has all its events, and that they have just been taken: their text goes on as one piece. Their bytes stay where they are, as long
    /// as those are kept.
    /// </summary>
    /// <param name="bytes">What they were taken from.</param>
    public void Close(ByteQueue bytes)
    {
        (_bytes, _start, IsMoved) = (bytes, bytes.Taken - Length, false);
        Append(_text.AsSpan(0, _textLength));
    }

    /// <summary>
    /// Whether the next event of its shape may be added although the run is closed: no byte has come between it and the last one, such as a comment
    /// that did not wait. It has to be all that waits: then no other text has come behind it either, and its part is as it was.
    /// </summary>
    public bool MayGoOn => _start + Length == _bytes.Taken;

    /// <summary>Adds such an event, whose bytes have just been taken.</summary>
    public void GoOn(ReadOnlySpan<byte> frame, in KnownEvent found)
    {
        if (_count == _events.Length && _left > 0)
        {
            ForgetLeft();
        }

        if (found.IsPlain)
        {
            // What stands there as it is goes on from there.
            Note(found.Length, found.Text.Length);
            Append(frame.Slice(found.Text.Start, found.Text.Length));
            return;
        }

        _textLength = 0;
        Add(frame, found);
        Append(_text.AsSpan(0, _textLength));
    }

    /// <summary>Copies the bytes of what has not left to the end of others.</summary>
    /// <param name="others">Where they will be looked at from now on, once they have been taken from there.</param>
    public void MoveTo(ByteQueue others)
    {
        var start = others.Taken + others.Count;
        others.Write(Bytes(_leftEnd, _end));
        (_bytes, _start, IsMoved) = (others, start - _leftEnd, true);
    }

    /// <summary>Looks how many of its events are decided; false when none is that has not left.</summary>
    public bool TryDecide()
    {
        var decided = Shape.Channel.DecidedIn(_part);
        while (_decided < _count && _events[_decided].TextEnd <= decided)
        {
            _decidedEnd = _events[_decided++].End;
        }

        return _decided > _left;
    }

    /// <summary>What is decided has left.</summary>
    public void Leave() => (_left, _leftEnd) = (_decided, _decidedEnd);

    /// <summary>Writes the events that are decided, with the edits of their text.</summary>
    /// <param name="output">Gets them.</param>
    /// <param name="isEdited">Whether any of them was edited.</param>
    /// <returns>False when an edit cannot be carried out; what stands before it is written.</returns>
    public bool TryWrite(ByteQueue output, out bool isEdited)
    {
        isEdited = false;
        if (HasEdits)
        {
            return TryWriteEdited(output, ref isEdited);
        }

        output.Write(Bytes(_leftEnd, _decidedEnd));
        return true;
    }

    private bool TryWriteEdited(ByteQueue output, ref bool isEdited)
    {
        var written = _leftEnd;
        var edits = new List<TextEdit>();
        for (var i = _left; i < _decided; i++)
        {
            edits.Clear();
            new LivePiece(Shape.Channel, TextEndOf(i), (int)(TextEndOf(i + 1) - TextEndOf(i)), 0, _part).AddEdits(edits);
            if (edits.Count == 0)
            {
                continue;
            }

            isEdited = true;
            output.Write(Bytes(written, EndOf(i)));
            if (Shape.Rewrite(_bytes.At(_start + EndOf(i), EndOf(i + 1) - EndOf(i)), edits) is not { } rewritten)
            {
                return false;
            }

            output.Write(rewritten);
            written = EndOf(i + 1);
        }

        output.Write(Bytes(written, _decidedEnd));
        return true;
    }

    private void Note(int length, int text)
    {
        if (_count == _events.Length)
        {
            Array.Resize(ref _events, 2 * _count);
        }

        _end += length;
        _textEnd += text;
        _events[_count++] = (_end, _textEnd);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0)
        {
            Shape.Channel.Append(text, Shape.Part);
            _part = Shape.Channel.Run;
        }
    }

    // What goes on for as long as the answer does takes no more memory than what waits.
    private void ForgetLeft()
    {
        var gone = _leftEnd;
        _textStart = TextEndOf(_left);
        _start += gone;
        for (var i = _left; i < _count; i++)
        {
            _events[i - _left] = (_events[i].End - gone, _events[i].TextEnd);
        }

        (_count, _decided, _left) = (_count - _left, _decided - _left, 0);
        (_end, _decidedEnd, _leftEnd) = (_end - gone, _decidedEnd - gone, 0);
    }

    private ReadOnlySpan<byte> Bytes(int start, int end) => _bytes.SpanAt(_start + start, end - start);

    private int EndOf(int count) => count == 0 ? 0 : _events[count - 1].End;

    private long TextEndOf(int count) => count == 0 ? _textStart : _events[count - 1].TextEnd;
}

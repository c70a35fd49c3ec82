namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// Events of one shape that arrived together, one behind the other. They are judged and leave as stretches of bytes: what is not edited is not looked
/// at event by event.
/// </summary>
internal sealed class EventRun
{
    private (int End, long TextEnd)[] _events = new (int, long)[32];
    private ReadOnlyMemory<byte> _bytes;
    private byte[] _kept = [];
    private byte[] _text = new byte[256];
    private int _textLength;
    private int _count;
    private int _decided;
    private int _left;
    private int _origin;
    private long _textStart;
    private PartRun? _part;

    public EventRun() => Event = new LiveEvent { Run = this };

    /// <summary>What waits in line for it.</summary>
    public LiveEvent Event { get; }

    public EventShape Shape { get; private set; } = null!;

    /// <summary>Bytes of all its events.</summary>
    public int Length => EndOf(_count);

    /// <summary>Whether nothing that still comes can change any of its events.</summary>
    public bool IsDecided => _decided == _count;

    /// <summary>Whether all of its events have left.</summary>
    public bool IsOver => _left == _count;

    /// <summary>The bytes of the events that are decided and have not left.</summary>
    public ReadOnlyMemory<byte> Decided => _bytes[..(EndOf(_decided) - _origin)];

    /// <summary>The text of those.</summary>
    public LivePiece Piece => new(Shape.Channel, TextEndOf(_left), (int)(TextEndOf(_decided) - TextEndOf(_left)), 0, _part);

    /// <summary>The last event that is decided.</summary>
    public ReadOnlySpan<byte> Last => _bytes.Span[(EndOf(_decided - 1) - _origin)..(EndOf(_decided) - _origin)];

    /// <summary>Makes it ready for events of a shape.</summary>
    public void Begin(EventShape shape)
    {
        // The bytes kept before are content of this caller: the next use writes over them, and only as far as it goes they are read.
        Shape = shape;
        _textStart = shape.Channel.Chain.Length;
        (_count, _textLength, _decided, _left, _origin, _part) = (0, 0, 0, 0, 0, null);
    }

    /// <summary>Adds an event.</summary>
    public void Add(ReadOnlySpan<byte> frame, in KnownEvent found)
    {
        if (_text.Length - _textLength < found.Text.Length)
        {
            Array.Resize(ref _text, 2 * (_textLength + found.Text.Length));
        }

        if (_count == _events.Length)
        {
            Array.Resize(ref _events, 2 * _count);
        }

        _textLength += EventShape.WriteText(frame, found, _text.AsSpan(_textLength));
        _events[_count] = (EndOf(_count) + found.Length, _textStart + _textLength);
        _count++;
    }

    /// <summary>
    /// Says that it has all its events: their text goes on as one piece. Their bytes are those of a buffer that is used again, until
    /// <see cref="Keep"/>: most events leave before that.
    /// </summary>
    /// <param name="bytes">The bytes of the events.</param>
    public void Close(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        if (_textLength > 0)
        {
            Shape.Channel.Append(_text.AsSpan(0, _textLength), Shape.Part);
            _part = Shape.Channel.Run;
        }
    }

    /// <summary>Takes a copy of what was lent and has not left.</summary>
    public void Keep()
    {
        if (IsOver)
        {
            return;
        }

        var rest = _bytes.Span[(EndOf(_left) - _origin)..];
        _kept = _kept.Length >= rest.Length ? _kept : new byte[Math.Max(512, 2 * rest.Length)];
        rest.CopyTo(_kept);
        _bytes = _kept.AsMemory(0, rest.Length);
        _origin = EndOf(_left);
    }

    /// <summary>Looks how many of its events are decided; false when none is that has not left.</summary>
    public bool TryDecide()
    {
        var decided = Shape.Channel.DecidedIn(_part);
        while (_decided < _count && _events[_decided].TextEnd <= decided)
        {
            _decided++;
        }

        return _decided > _left;
    }

    /// <summary>What is decided has left.</summary>
    public void Leave()
    {
        _bytes = _bytes[(EndOf(_decided) - _origin)..];
        _origin = EndOf(_decided);
        _left = _decided;
    }

    /// <summary>Writes the events that are decided, with the edits of their text.</summary>
    /// <param name="output">Gets them.</param>
    /// <param name="isEdited">Whether any of them was edited.</param>
    /// <returns>False when an edit cannot be carried out; what stands before it is written.</returns>
    public bool TryWrite(ByteQueue output, out bool isEdited)
    {
        isEdited = false;
        var written = EndOf(_left);
        if (Shape.Channel.Chain.Edits.Count > 0 || _part?.Alone is { Chain.Edits.Count: > 0 })
        {
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
                output.Write(Slice(written, EndOf(i)).Span);
                if (Shape.Rewrite(Slice(EndOf(i), EndOf(i + 1)), edits) is not { } rewritten)
                {
                    return false;
                }

                output.Write(rewritten);
                written = EndOf(i + 1);
            }
        }

        output.Write(Slice(written, EndOf(_decided)).Span);
        return true;
    }

    private ReadOnlyMemory<byte> Slice(int start, int end) => _bytes[(start - _origin)..(end - _origin)];

    private int EndOf(int count) => count == 0 ? 0 : _events[count - 1].End;

    private long TextEndOf(int count) => count == 0 ? _textStart : _events[count - 1].TextEnd;
}

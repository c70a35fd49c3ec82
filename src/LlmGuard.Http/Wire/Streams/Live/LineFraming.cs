namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// Cuts an event stream at its empty lines (LF, CRLF or CR), comments between events being frames of their own; or JSON lines at their line feeds.
/// </summary>
/// <remarks>For one thread at a time. Every byte is looked at once. A CR is only known to end a line when the byte after it is, which may be the LF that belongs to it.</remarks>
internal sealed class LineFraming(bool isEventStream) : IStreamFraming
{
    private byte[] _bytes = [];
    private int _first;
    private int _end;
    private int _scanned;
    private int _line;
    private bool _isPassing;

    public int Pending => _end - _first;

    public string? Failure => null;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _bytes.Length)
        {
            // Moving the rest to the front pays once at least as much has gone from there.
            var target = _first >= Pending && Pending + bytes.Length <= _bytes.Length ? _bytes : new byte[Math.Max(8192, 2 * (Pending + bytes.Length))];
            _bytes.AsSpan(_first, Pending).CopyTo(target);
            _bytes = target;
            _scanned -= _first;
            _line -= _first;
            _end -= _first;
            _first = 0;
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public bool TryNext(bool isEnd, out ReadOnlyMemory<byte> frame)
    {
        while (_scanned < _end)
        {
            var rest = _bytes.AsSpan(_scanned, _end - _scanned);
            var at = isEventStream ? rest.IndexOfAny((byte)'\n', (byte)'\r') : rest.IndexOf((byte)'\n');
            if (at < 0)
            {
                _scanned = _end;
                break;
            }

            var terminator = _scanned + at;
            var isReturn = _bytes[terminator] == '\r';
            if (isReturn && terminator + 1 == _end && !isEnd)
            {
                _scanned = terminator;
                break;
            }

            var next = terminator + (isReturn && terminator + 1 < _end && _bytes[terminator + 1] == '\n' ? 2 : 1);
            var isComplete = !isEventStream || terminator == LineStart() || (_line == _first && _bytes[LineStart()] == ':');
            _scanned = _line = next;
            if (isComplete)
            {
                frame = Cut(next);
                return true;
            }
        }

        frame = isEnd && Pending > 0 ? Cut(_end) : default;
        return frame.Length > 0;
    }

    /// <summary>Whether an event of a shape comes next. What has been looked at in part is cut in the ordinary way, so that no byte is looked at again and again.</summary>
    public bool TryPeek(EventShape shape, out KnownEvent found)
    {
        found = default;
        return _scanned == _line && (_scanned == _first || _isPassing) && shape.TryMatch(Peeked, out found)
            && shape.IsClean(Peeked, found);
    }

    /// <summary>What comes next.</summary>
    public ReadOnlySpan<byte> Peeked => _bytes.AsSpan(_scanned, _end - _scanned);

    /// <summary>Goes on behind an event.</summary>
    public void Pass(int length)
    {
        _isPassing = true;
        _scanned = _line = _scanned + length;
    }

    /// <summary>The events that were passed; valid until the next call of <see cref="Append"/>.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        _isPassing = false;
        return Cut(_scanned);
    }

    // A byte order mark may stand before the first line.
    private int LineStart() => _line == _first && _bytes.AsSpan(_line, _end - _line).StartsWith("\uFEFF"u8) ? _line + 3 : _line;

    private ReadOnlyMemory<byte> Cut(int end)
    {
        var frame = _bytes.AsMemory(_first, end - _first);
        _first = _scanned = _line = end;
        return frame;
    }
}

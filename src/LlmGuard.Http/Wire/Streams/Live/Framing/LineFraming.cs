namespace LlmGuard.Http.Wire.Streams.Live.Framing;

/// <summary>
/// Cuts an event stream at its empty lines (LF, CRLF or CR), comments between events being frames of their own; or JSON lines at their line feeds.
/// </summary>
/// <remarks>
/// For one thread at a time. No byte is looked at more than twice. A CR is only known to end a line when the byte after it is, which may be the LF
/// that belongs to it.
/// </remarks>
internal sealed class LineFraming(bool isEventStream) : IStreamFraming
{
    private int _scanned;
    private int _line;

    public ByteQueue Bytes { get; } = new();

    public string? Failure => null;

    public ReadOnlySpan<byte> Untouched => _scanned == 0 ? Bytes.Span : default;

    public bool IsBetween => Bytes.Count == 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Bytes.Write(bytes);
        if (_scanned <= bytes.Length)
        {
            // What was cut is looked at as a whole once as much has come as was looked at of it in vain.
            (_scanned, _line) = (0, 0);
        }
    }

    public void Release() => Bytes.Release();

    public bool TryNext(bool isEnd, out ReadOnlyMemory<byte> frame)
    {
        var bytes = Bytes.Span;
        while (_scanned < bytes.Length)
        {
            var rest = bytes[_scanned..];
            var at = isEventStream ? rest.IndexOfAny((byte)'\n', (byte)'\r') : rest.IndexOf((byte)'\n');
            if (at < 0)
            {
                _scanned = bytes.Length;
                break;
            }

            var terminator = _scanned + at;
            var isReturn = bytes[terminator] == '\r';
            if (isReturn && terminator + 1 == bytes.Length && !isEnd)
            {
                _scanned = terminator;
                break;
            }

            var next = terminator + (isReturn && terminator + 1 < bytes.Length && bytes[terminator + 1] == '\n' ? 2 : 1);
            var start = LineStart(bytes);
            var isComplete = !isEventStream || terminator == start || (_line == 0 && bytes[start] == ':');
            _scanned = _line = next;
            if (isComplete)
            {
                frame = Cut(next);
                return true;
            }
        }

        frame = isEnd && Bytes.Count > 0 ? Cut(Bytes.Count) : default;
        return frame.Length > 0;
    }

    public void Take(int length) => Cut(length);

    public bool IsNothing(ReadOnlySpan<byte> rest) => rest.IsEmpty;

    // A byte order mark may stand before the first line.
    private int LineStart(ReadOnlySpan<byte> bytes) => _line == 0 && bytes.StartsWith("\uFEFF"u8) ? 3 : _line;

    private ReadOnlyMemory<byte> Cut(int end)
    {
        _scanned = _line = 0;
        return Bytes.Take(end);
    }
}

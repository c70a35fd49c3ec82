using System.Buffers;

namespace LlmGuard.Http.Wire.Streams.Live.Framing;

/// <summary>
/// Cuts a JSON array whose items are the events, as Gemini streams without <c>alt=sse</c>. A frame is an item with what stands before it, the bracket
/// or a comma, so that an item leaves when its own last byte is there. The closing bracket waits for the end of the stream: what a server sends after
/// it makes the answer no array.
/// </summary>
/// <remarks>
/// For one thread at a time. Every byte is looked at once. Only the ends of items are found here: whether each is JSON, with brackets that match, the
/// strict reader says.
/// </remarks>
internal sealed class ArrayFraming : IStreamFraming
{
    private static readonly SearchValues<byte> Blank = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("{}[]\""u8);
    private static readonly SearchValues<byte> StringEnd = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> ScalarEnd = SearchValues.Create(" \t\r\n,]"u8);

    private const int MostBetween = 16;

    private int _scanned;
    private int _depth;
    private Expected _expected = Expected.Opening;

    private enum Expected
    {
        /// <summary>The opening bracket.</summary>
        Opening,

        /// <summary>The first item, or the closing bracket.</summary>
        FirstItem,

        /// <summary>An item, after a comma.</summary>
        Item,

        /// <summary>More of an object, or of an array.</summary>
        InItem,

        /// <summary>More of a string, in an item or as one.</summary>
        InString,

        /// <summary>A byte of a string that ends nothing, whatever it is.</summary>
        Escaped,

        /// <summary>More of a number or a word.</summary>
        InScalar,

        /// <summary>A comma, or the closing bracket.</summary>
        Separator,

        /// <summary>White space only.</summary>
        Nothing,
    }

    public ByteQueue Bytes { get; } = new();

    public string? Failure { get; private set; }

    // Behind an item nothing but white space was looked at before the comma that begins the next: not much of it, or it comes without end.
    public ReadOnlySpan<byte> Untouched =>
        _expected == Expected.Separator && _scanned <= MostBetween && Failure is null ? Bytes.Span : default;

    /// <summary>Whether a frame may come behind any other: it begins with the comma before its item.</summary>
    public static bool GoesOn(ReadOnlySpan<byte> frame) => frame.TrimStart(" \t\r\n"u8) is [(byte)',', ..];

    /// <summary>Where the item of a frame stands in it; nowhere in the frame that closes the array.</summary>
    public static TextSpan ItemOf(ReadOnlySpan<byte> frame)
    {
        // A frame begins with the bracket or the comma before its item, or with the closing bracket.
        var before = frame.IndexOfAnyExcept(Blank);
        var start = before < 0 ? -1 : frame[(before + 1)..].IndexOfAnyExcept(Blank);
        return start < 0 || frame[before] == ']' || frame[before + 1 + start] == ']'
            ? default
            : new TextSpan(before + 1 + start, frame.Length - before - 1 - start);
    }

    public bool IsBetween => Bytes.Count == 0 && _expected == Expected.Separator && Failure is null;

    public void Append(ReadOnlySpan<byte> bytes) => Bytes.Write(bytes);

    public void Release() => Bytes.Release();

    public void Take(int length)
    {
        Bytes.Take(length);
        _scanned = 0;
    }

    public bool IsNothing(ReadOnlySpan<byte> rest) => rest.IndexOfAnyExcept(Blank) < 0;

    public bool TryNext(bool isEnd, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        while (Failure is null && _scanned < Bytes.Count)
        {
            if (Scan(Bytes.Span[_scanned..]))
            {
                frame = Cut();
                return true;
            }
        }

        if (Failure is not null || !isEnd)
        {
            return false;
        }

        if (_expected != Expected.Nothing)
        {
            Failure = FailureReasons.Undecodable;
            return false;
        }

        frame = Cut();
        return frame.Length > 0;
    }

    /// <summary>Goes on by at least one byte; true when it comes to the end of an item.</summary>
    private bool Scan(ReadOnlySpan<byte> rest)
    {
        switch (_expected)
        {
            case Expected.InItem:
                return ScanItem(rest);
            case Expected.InString:
                return ScanString(rest);
            case Expected.Escaped:
                _scanned++;
                _expected = Expected.InString;
                return false;
            case Expected.InScalar:
                var end = rest.IndexOfAny(ScalarEnd);
                _scanned += end < 0 ? rest.Length : end;
                _expected = end < 0 ? Expected.InScalar : Expected.Separator;
                return end >= 0;
        }

        var at = rest.IndexOfAnyExcept(Blank);
        if (at < 0)
        {
            _scanned = Bytes.Count;
            return false;
        }

        _scanned += at + 1;
        Take(rest[at]);
        return false;
    }

    private void Take(byte value)
    {
        var mayEnd = _expected is Expected.FirstItem or Expected.Separator;
        if ((_expected is Expected.FirstItem or Expected.Item) && value is not ((byte)',' or (byte)':' or (byte)'}' or (byte)']'))
        {
            _depth = value is (byte)'{' or (byte)'[' ? 1 : 0;
            _expected = _depth == 1 ? Expected.InItem : value == '"' ? Expected.InString : Expected.InScalar;
            return;
        }

        switch (value)
        {
            case (byte)'[' when _expected == Expected.Opening:
                _expected = Expected.FirstItem;
                break;
            case (byte)',' when _expected == Expected.Separator:
                _expected = Expected.Item;
                break;
            case (byte)']' when mayEnd:
                _expected = Expected.Nothing;
                break;
            default:
                Failure = FailureReasons.Undecodable;
                break;
        }
    }

    private bool ScanItem(ReadOnlySpan<byte> rest)
    {
        var at = rest.IndexOfAny(Structure);
        _scanned += at < 0 ? rest.Length : at + 1;
        if (at < 0)
        {
            return false;
        }

        if (rest[at] == '"')
        {
            _expected = Expected.InString;
            return false;
        }

        _depth += rest[at] is (byte)'{' or (byte)'[' ? 1 : -1;
        _expected = _depth == 0 ? Expected.Separator : Expected.InItem;
        return _depth == 0;
    }

    private bool ScanString(ReadOnlySpan<byte> rest)
    {
        var at = rest.IndexOfAny(StringEnd);
        if (at < 0)
        {
            _scanned = Bytes.Count;
            return false;
        }

        _scanned += at + 1;
        if (rest[at] == '\\')
        {
            _expected = Expected.Escaped;
            return false;
        }

        _expected = _depth == 0 ? Expected.Separator : Expected.InItem;
        return _depth == 0;
    }

    private ReadOnlyMemory<byte> Cut()
    {
        var frame = Bytes.Take(_scanned);
        _scanned = 0;
        return frame;
    }
}

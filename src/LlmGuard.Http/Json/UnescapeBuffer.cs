namespace LlmGuard.Http.Json;

/// <summary>Room for the texts of a body that stand in it with escapes. All others are read where they stand.</summary>
internal sealed class UnescapeBuffer
{
    // Large bodies take several, since an array that passes for a large object costs a full collection before long, and a pool keeps few of them.
    private const int Largest = 64 * 1024;

    // One that a body has finished with and this thread's next one begins with.
    [ThreadStatic]
    private static UnescapeBuffer? _spare;

    private ContentMemory? _memory;
    private int _left;
    private int _used;
    private int _length;
    private LentBytes? _lent;
    private byte[] _own = [];

    private UnescapeBuffer()
    {
    }

    /// <summary>One that holds nothing.</summary>
    /// <param name="memory">What the room is lent from; null to allocate it.</param>
    /// <param name="expected">Raw bytes of all texts with escapes.</param>
    public static UnescapeBuffer Rent(ContentMemory? memory, int expected)
    {
        var buffer = _spare ?? new UnescapeBuffer();
        _spare = null;
        (buffer._memory, buffer._left) = (memory, expected);
        return buffer;
    }

    /// <summary>Ends the use of it. The texts stay, which live in what was lent.</summary>
    public void Return()
    {
        (_memory, _lent, _own) = (null, null, []);
        (_left, _used, _length) = (0, 0, 0);
        _spare = this;
    }

    /// <summary>Unescapes a text.</summary>
    /// <param name="raw">The text between its quotes.</param>
    public ReadOnlyMemory<byte> Unescape(ReadOnlySpan<byte> raw)
    {
        // A text may be asked for more than once, so more may come than was expected.
        if (_length - _used < raw.Length)
        {
            Take(Math.Max(raw.Length, Math.Min(_left, Largest)));
        }

        _left -= raw.Length;
        var room = _lent is null ? _own.AsSpan(_used, raw.Length) : _lent.Room(_used, raw.Length);
        var (start, length) = (_used, JsonEscapes.Unescape(raw, room));
        _used += length;
        return _lent is null ? _own.AsMemory(start, length) : _lent.Memory.Slice(start, length);
    }

    private void Take(int count)
    {
        if (_memory is null)
        {
            _own = GC.AllocateUninitializedArray<byte>(count);
        }
        else
        {
            _lent = _memory.Lend(count);
        }

        (_used, _length) = (0, _lent?.Length ?? count);
    }
}

namespace LlmGuard.Http.Json;

/// <summary>Room for the texts of a body that stand in it with escapes. All others are read where they stand.</summary>
/// <param name="memory">What the room is lent from; null to allocate it.</param>
/// <param name="expected">Raw bytes of all texts with escapes.</param>
internal sealed class UnescapeBuffer(ContentMemory? memory, int expected)
{
    // Large bodies take several, since an array that passes for a large object costs a full collection before long, and a pool keeps few of them.
    private const int Largest = 64 * 1024;

    private int _left = expected;
    private int _used;
    private int _length;
    private LentBytes? _lent;
    private byte[] _own = [];

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
        if (memory is null)
        {
            _own = GC.AllocateUninitializedArray<byte>(count);
        }
        else
        {
            _lent = memory.Lend(count);
        }

        (_used, _length) = (0, _lent?.Length ?? count);
    }
}

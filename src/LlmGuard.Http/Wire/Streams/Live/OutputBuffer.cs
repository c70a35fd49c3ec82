namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Bytes that may leave and have not been fetched yet.</summary>
internal sealed class OutputBuffer
{
    private byte[] _bytes = [];
    private int _first;

    public int Count { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_first + Count + bytes.Length > _bytes.Length)
        {
            // Moving the rest to the front pays once at least as much has gone from there.
            var target = _first >= Count && Count + bytes.Length <= _bytes.Length ? _bytes : new byte[Math.Max(4096, 2 * (Count + bytes.Length))];
            _bytes.AsSpan(_first, Count).CopyTo(target);
            _bytes = target;
            _first = 0;
        }

        bytes.CopyTo(_bytes.AsSpan(_first + Count));
        Count += bytes.Length;
    }

    /// <summary>Hands over all there is; valid until the next <see cref="Write"/>.</summary>
    public ReadOnlyMemory<byte> TakeAll()
    {
        var all = _bytes.AsMemory(_first, Count);
        (_first, Count) = (0, 0);
        return all;
    }

    /// <summary>Moves as many bytes as fit.</summary>
    public int Take(Span<byte> target)
    {
        var count = Math.Min(target.Length, Count);
        _bytes.AsSpan(_first, count).CopyTo(target);
        _first += count;
        Count -= count;
        _first = Count == 0 ? 0 : _first;
        return count;
    }
}

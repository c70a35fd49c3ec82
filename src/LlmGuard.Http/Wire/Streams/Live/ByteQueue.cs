namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Bytes that have come and not been taken, in one piece of memory. For one thread at a time.</summary>
internal sealed class ByteQueue
{
    private const int Least = 4096;

    private byte[] _bytes = [];
    private int _first;

    public int Count { get; private set; }

    /// <summary>All there is.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_first, Count);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Count == 0)
        {
            _first = 0;
        }

        if (_first + Count + bytes.Length > _bytes.Length)
        {
            Move(Count + bytes.Length);
        }

        bytes.CopyTo(_bytes.AsSpan(_first + Count));
        Count += bytes.Length;
    }

    /// <summary>Takes bytes from the front; valid until the next <see cref="Write"/>.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        var taken = _bytes.AsMemory(_first, count);
        _first += count;
        Count -= count;
        return taken;
    }

    /// <summary>Moves as many bytes as fit.</summary>
    public int Take(Span<byte> target)
    {
        var taken = Take(Math.Min(target.Length, Count));
        taken.Span.CopyTo(target);
        return taken.Length;
    }

    /// <summary>Makes room at the end. What is moved pays for itself: a quarter of it can come before the next time.</summary>
    private void Move(int needed)
    {
        var roomy = needed + (needed / 4);
        var target = roomy <= _bytes.Length ? _bytes : new byte[Math.Max(Least, roomy + (Least / 4))];
        Span.CopyTo(target);
        _bytes = target;
        _first = 0;
    }
}

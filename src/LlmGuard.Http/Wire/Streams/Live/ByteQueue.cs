using System.Buffers;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Bytes that have come and not been taken, in one piece of pooled memory. For one thread at a time.</summary>
/// <remarks>
/// The memory goes back only by <see cref="Release"/>, of whoever knows that nobody looks at what was taken any more. Where a stream breaks off
/// nobody knows that, and it is left to the collector.
/// </remarks>
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

    /// <summary>Gives the memory back. What is there is gone, and nobody looks at what was taken any more.</summary>
    public void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        }

        (_bytes, _first, Count) = ([], 0, 0);
    }

    /// <summary>Makes room at the end. What is moved pays for itself: a quarter of it can come before the next time.</summary>
    private void Move(int needed)
    {
        var roomy = needed + (needed / 4);
        var (source, target) = (_bytes, roomy <= _bytes.Length ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Max(Least, roomy)));
        Span.CopyTo(target);
        (_bytes, _first) = (target, 0);
        if (source != target && source.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(source, clearArray: true);
        }
    }
}

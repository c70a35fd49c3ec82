using System.Buffers;

namespace LlmGuard.Http.Wire.Streams.Live.Framing;

/// <summary>
/// Bytes that have come and not been taken, or have been and are still looked at, in one piece of pooled memory. For one thread at a time.
/// </summary>
/// <remarks>
/// The memory goes back only by <see cref="Release"/>, of whoever knows that nobody looks at what was taken any more. Where a stream breaks off
/// nobody knows that, and it is left to the collector.
/// </remarks>
internal sealed class ByteQueue
{
    private const int Least = 4096;

    private byte[] _bytes = [];
    private int _first;
    private int _kept;

    public int Count { get; private set; }

    /// <summary>Bytes that have been taken since the beginning: the offset of the next.</summary>
    public long Taken { get; private set; }

    /// <summary>Bytes of memory it has, for tests that watch it.</summary>
    public int Room => _bytes.Length;

    /// <summary>All there is.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_first, Count);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Count + _kept == 0)
        {
            _first = 0;
        }

        if (_first + Count + bytes.Length > _bytes.Length)
        {
            Move(_kept + Count + bytes.Length);
        }

        bytes.CopyTo(_bytes.AsSpan(_first + Count));
        Count += bytes.Length;
    }

    /// <summary>Takes bytes from the front; valid until the next <see cref="Write"/>.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        var taken = _bytes.AsMemory(_first, count);
        _first += count;
        _kept += _kept > 0 ? count : 0;
        Taken += count;
        Count -= count;
        return taken;
    }

    /// <summary>
    /// Says which bytes that have been taken will be looked at again; those before them are gone with the next <see cref="Write"/>.
    /// </summary>
    /// <param name="offset">Offset of the first, none before those that were kept last; <see cref="Taken"/> for none.</param>
    public void Keep(long offset) => _kept = (int)(Taken - offset);

    /// <summary>Bytes that have been taken, and are kept or were taken after the last <see cref="Write"/>; valid until the next.</summary>
    public ReadOnlyMemory<byte> At(long offset, int length) => _bytes.AsMemory(_first - (int)(Taken - offset), length);

    /// <summary>The same to look at now.</summary>
    public ReadOnlySpan<byte> SpanAt(long offset, int length) => _bytes.AsSpan(_first - (int)(Taken - offset), length);

    /// <summary>Moves as many bytes as fit.</summary>
    public int Take(Span<byte> target)
    {
        var count = Math.Min(target.Length, Count);
        _bytes.AsSpan(_first, count).CopyTo(target);
        Take(count);
        return count;
    }

    /// <summary>Gives the memory back. What is there is gone, and nobody looks at what was taken any more.</summary>
    public void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        }

        (_bytes, _first, _kept, Count) = ([], 0, 0, 0);
    }

    /// <summary>Makes room at the end. What is moved pays for itself: a quarter of it can come before the next time.</summary>
    private void Move(int needed)
    {
        var roomy = needed + (needed / 4);
        var (source, target) = (_bytes, roomy <= _bytes.Length ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Max(Least, roomy)));
        source.AsSpan(_first - _kept, _kept + Count).CopyTo(target);
        (_bytes, _first) = (target, _kept);
        if (source != target && source.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(source, clearArray: true);
        }
    }
}

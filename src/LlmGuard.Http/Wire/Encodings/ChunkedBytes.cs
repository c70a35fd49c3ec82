using System.Buffers;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>Bytes of unknown length, collected in pooled chunks up to one byte past a limit. Takes room for every chunk before renting it.</summary>
internal sealed class ChunkedBytes(HeldRoom room, long maxBytes) : IDisposable
{
    private const int FirstChunk = 4 * 1024;
    private const int LargestChunk = 64 * 1024;

    // What is larger is rare, and a pool would keep it for ever.
    private const int LargestLent = 1024 * 1024;

    private readonly long _end = Math.Clamp(maxBytes, 0, Array.MaxLength - 1) + 1;
    private List<byte[]>? _full;
    private byte[]? _current;
    private int _used;
    private long _length;
    private BodyStop _stop;

    public long Length => _length;

    /// <summary>Room for more bytes; false at the limit or when the process has no more room, which <see cref="Join"/> then says.</summary>
    public bool TryGetFree(out Memory<byte> free)
    {
        free = default;
        if (_length == _end)
        {
            _stop = BodyStop.TooLarge;
            return false;
        }

        if (_current is null || _used == _current.Length)
        {
            if (!TryAddChunk())
            {
                _stop = BodyStop.OutOfRoom;
                return false;
            }
        }

        free = _current.AsMemory(_used);
        if (free.Length > _end - _length)
        {
            free = free[..(int)(_end - _length)];
        }

        return true;
    }

    public void Advance(int count)
    {
        _used += count;
        _length += count;
    }

    /// <summary>All bytes in one array of their own, and why there are no more of them. The array's room stays taken.</summary>
    public (byte[] Bytes, BodyStop Stop) Join()
    {
        if (_length == _end)
        {
            _stop = BodyStop.TooLarge;
        }

        if (_stop == BodyStop.OutOfRoom || !room.TryTake(_length))
        {
            Dispose();
            return ([], BodyStop.OutOfRoom);
        }

        var joined = new byte[_length];
        CopyTo(joined);
        Dispose();
        return (joined, _stop);
    }

    /// <summary>
    /// All bytes in memory that goes back to the pool, whose room stays taken; null, and nothing changed, where <see cref="Join"/> has to say what
    /// there is.
    /// </summary>
    public LentBytes? TryLend()
    {
        if (_stop != BodyStop.None || _length == 0 || _length == _end || _length > LargestLent)
        {
            return null;
        }

        if (_full is null)
        {
            var only = new LentBytes(_current!, _used);
            _current = null;
            return only;
        }

        var joined = ArrayPool<byte>.Shared.Rent((int)_length);
        if (!room.TryTake(joined.Length))
        {
            ArrayPool<byte>.Shared.Return(joined);
            return null;
        }

        CopyTo(joined);
        var lent = new LentBytes(joined, (int)_length);
        Dispose();
        return lent;
    }

    public void Dispose()
    {
        for (var i = 0; i < _full?.Count; i++)
        {
            Return(_full[i]);
        }

        if (_current is not null)
        {
            Return(_current);
        }

        _full = null;
        _current = null;
        _used = 0;
    }

    private void Return(byte[] chunk)
    {
        ArrayPool<byte>.Shared.Return(chunk, clearArray: true);
        room.Release(chunk.Length);
    }

    private void CopyTo(Span<byte> joined)
    {
        for (var i = 0; i < _full?.Count; i++)
        {
            _full[i].CopyTo(joined);
            joined = joined[_full[i].Length..];
        }

        _current.AsSpan(0, _used).CopyTo(joined);
    }

    private bool TryAddChunk()
    {
        var chunk = ArrayPool<byte>.Shared.Rent(Math.Min(LargestChunk, _current is null ? FirstChunk : _current.Length * 2));
        if (!room.TryTake(chunk.Length))
        {
            ArrayPool<byte>.Shared.Return(chunk);
            return false;
        }

        if (_current is not null)
        {
            (_full ??= []).Add(_current);
        }

        _current = chunk;
        _used = 0;
        return true;
    }
}

using System.Buffers;

namespace LlmGuard.Http.Wire.Encodings;

/// <summary>Bytes of unknown length, collected in pooled chunks up to one byte past a limit. Takes room for every chunk before renting it.</summary>
internal sealed class ChunkedBytes(HeldRoom room, long maxBytes) : IDisposable
{
    private const int FirstChunk = 4 * 1024;
    private const int LargestChunk = 64 * 1024;

    private readonly long _end = Math.Clamp(maxBytes, 0, Array.MaxLength - 1) + 1;
    private readonly List<byte[]> _full = [];
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
        var offset = 0;
        foreach (var chunk in _full)
        {
            chunk.CopyTo(joined.AsSpan(offset));
            offset += chunk.Length;
        }

        _current.AsSpan(0, _used).CopyTo(joined.AsSpan(offset));
        Dispose();
        return (joined, _stop);
    }

    public void Dispose()
    {
        if (_current is not null)
        {
            _full.Add(_current);
            _current = null;
        }

        foreach (var chunk in _full)
        {
            ArrayPool<byte>.Shared.Return(chunk, clearArray: true);
            room.Release(chunk.Length);
        }

        _full.Clear();
        _used = 0;
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
            _full.Add(_current);
        }

        _current = chunk;
        _used = 0;
        return true;
    }
}

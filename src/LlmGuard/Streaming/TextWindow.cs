namespace LlmGuard.Streaming;

/// <summary>The end of a growing text: what is still needed of it. Offsets count from the start of the whole text.</summary>
internal sealed class TextWindow
{
    private byte[] _bytes = [];
    private int _first;
    private int _count;

    /// <summary>Offset of the first byte that is still there.</summary>
    public long Start { get; private set; }

    /// <summary>Offset after the last byte, which is the length of the whole text.</summary>
    public long End => Start + _count;

    public ReadOnlySpan<byte> Slice(long start, long end) => _bytes.AsSpan(_first + (int)(start - Start), (int)(end - start));

    public void Append(ReadOnlySpan<byte> text)
    {
        if (_first + _count + text.Length > _bytes.Length)
        {
            MakeRoom(text.Length);
        }

        text.CopyTo(_bytes.AsSpan(_first + _count));
        _count += text.Length;
    }

    /// <summary>Forgets what stands before an offset.</summary>
    public void DropBefore(long offset)
    {
        var gone = (int)Math.Min(_count, offset - Start);
        if (gone > 0)
        {
            _first += gone;
            _count -= gone;
            Start += gone;
        }
    }

    private void MakeRoom(int more)
    {
        // Moving the rest to the front pays once at least as much has gone from there; else the array grows, so that the work stays linear.
        var source = _bytes.AsSpan(_first, _count);
        var target = _first >= _count + more ? _bytes : new byte[Math.Max(1024, 2 * (_count + more))];
        source.CopyTo(target);
        _bytes = target;
        _first = 0;
    }
}

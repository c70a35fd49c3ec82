using System.Buffers;

namespace LlmGuard.Http.Json;

/// <summary>Where the segments of a JSON text stand, in order. Numbers only, no content, so that nothing is cleared.</summary>
internal sealed class OriginList : IReleasable
{
    private const int First = 4;

    private readonly bool _isLent;
    private SegmentOrigin[] _origins = [];

    /// <summary>Begins with nothing.</summary>
    /// <param name="memory">With what the list goes back to its pool; null when it is the reader's own.</param>
    public OriginList(ContentMemory? memory)
    {
        _isLent = memory is not null;
        memory?.Add(this);
    }

    public IReleasable? Next { get; set; }

    public int Count { get; private set; }

    public ref readonly SegmentOrigin this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _origins[index];
        }
    }

    public ReadOnlySpan<SegmentOrigin> Span => _origins.AsSpan(0, Count);

    public void Add(in SegmentOrigin origin)
    {
        if (Count == _origins.Length)
        {
            EnsureCapacity(Math.Max(First, Count * 2));
        }

        _origins[Count++] = origin;
    }

    public void EnsureCapacity(int count)
    {
        if (count <= _origins.Length)
        {
            return;
        }

        var larger = _isLent ? ArrayPool<SegmentOrigin>.Shared.Rent(count) : new SegmentOrigin[count];
        Span.CopyTo(larger);
        Return();
        _origins = larger;
    }

    public void Release()
    {
        Return();
        _origins = [];
        Count = 0;
    }

    private void Return()
    {
        if (_isLent && _origins.Length > 0)
        {
            ArrayPool<SegmentOrigin>.Shared.Return(_origins);
        }
    }
}

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>The shapes that many events of one stream have, and what is kept for the next event of them.</summary>
internal sealed class KnownShapes
{
    private const int MostShapes = 4;
    private const int MostSpares = 64;

    private readonly List<EventShape> _shapes = [];
    private readonly Stack<LiveEvent> _spare = [];

    /// <summary>The shape of an event; null when it has to be read.</summary>
    public EventShape? Of(ReadOnlySpan<byte> frame)
    {
        for (var i = 0; i < _shapes.Count; i++)
        {
            var shape = _shapes[i];
            if (!shape.Channel.HasEnded && shape.Fits(frame))
            {
                return shape;
            }
        }

        return null;
    }

    /// <summary>Takes note of the shape of an event that was read.</summary>
    public void Learn(LiveEvent read)
    {
        if (EventShape.Of(read) is not { } shape)
        {
            return;
        }

        if (_shapes.Count == MostShapes)
        {
            _shapes.RemoveAt(MostShapes - 1);
        }

        _shapes.Insert(0, shape);
    }

    /// <summary>An event to be filled.</summary>
    public LiveEvent Next() => _spare.TryPop(out var spare) ? spare : new LiveEvent();

    /// <summary>Takes back an event that has left.</summary>
    public void Return(LiveEvent left)
    {
        left.Clear();
        if (_spare.Count < MostSpares)
        {
            _spare.Push(left);
        }
    }
}

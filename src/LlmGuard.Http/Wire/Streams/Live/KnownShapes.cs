namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>The shapes that many events of one stream have, and what is kept for the next events of them.</summary>
internal sealed class KnownShapes
{
    private const int MostShapes = 4;
    private const int MostSpares = 64;

    private readonly List<EventShape> _shapes = [];
    private readonly Stack<EventRun> _spare = [];

    /// <summary>The events that come next, as far as they share a known shape; null when the next one has to be read.</summary>
    public EventRun? Next(LineFraming lines)
    {
        for (var i = 0; i < _shapes.Count; i++)
        {
            var shape = _shapes[i];
            if (shape.IsOver || !shape.EndsEvents || !lines.TryPeek(shape, out var found))
            {
                continue;
            }

            var run = Begin(shape);
            do
            {
                run.Add(lines.Peeked, found);
                lines.Pass(found.Length);
            }
            while (lines.TryPeek(shape, out found));
            run.Lend(lines.Take());
            return run;
        }

        return null;
    }

    /// <summary>An event that was cut by its framing, if it has a known shape.</summary>
    public EventRun? Of(ReadOnlyMemory<byte> frame)
    {
        foreach (var shape in _shapes)
        {
            if (!shape.IsOver && shape.TryMatch(frame.Span, out var found) && found.Length == frame.Length)
            {
                var run = Begin(shape);
                run.Add(frame.Span, found);
                run.Lend(frame);
                return run;
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

    /// <summary>Takes back a run that has left.</summary>
    public void Return(EventRun left)
    {
        if (_spare.Count < MostSpares)
        {
            _spare.Push(left);
        }
    }

    private EventRun Begin(EventShape shape)
    {
        var run = _spare.TryPop(out var spare) ? spare : new EventRun();
        run.Begin(shape);
        return run;
    }
}

using System.Diagnostics.CodeAnalysis;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live.Shapes;

/// <summary>The shapes that many events of one stream have, and what is kept for the next events of them.</summary>
/// <param name="run">The stream's judgement.</param>
/// <param name="entries">The entries that the events pass.</param>
/// <param name="form">How the stream is cut into events.</param>
internal sealed class KnownShapes(StreamRun run, SpanEntries entries, StreamForm form)
{
    private const int MostShapes = 4;
    private const int MostSpares = 64;

    private readonly List<EventShape> _shapes = [];
    private readonly Stack<EventRun> _spare = [];
    private EventShape? _latest;
    private (SegmentInfo Info, LoneScan? Scan) _padding;
    private bool _hasPadding;

    /// <summary>The events that come next, as far as they share a known shape; null when the next one has to be read.</summary>
    public EventRun? Next(IStreamFraming framing)
    {
        var rest = framing.Untouched;
        foreach (var shape in _shapes)
        {
            if (shape.IsOver || !IsNext(shape, rest, out var found))
            {
                continue;
            }

            var run = Begin(shape);
            var passed = 0;
            do
            {
                run.Add(rest[passed..], found);
                passed += found.Length;
            }
            while (passed < rest.Length && IsNext(shape, rest[passed..], out found));
            framing.Take(passed);
            run.Close(framing.Bytes);
            return run;
        }

        return null;
    }

    /// <summary>An event that was cut by its framing, if it has a known shape.</summary>
    /// <param name="frame">The event.</param>
    /// <param name="bytes">What it has just been taken from.</param>
    public EventRun? Of(ReadOnlyMemory<byte> frame, ByteQueue bytes)
    {
        foreach (var shape in _shapes)
        {
            if (!shape.IsOver && shape.TryMatch(frame.Span, out var found) && found.Length == frame.Length
                && shape.IsClean(frame.Span, found))
            {
                var run = Begin(shape);
                run.Add(frame.Span, found);
                run.Close(bytes);
                return run;
            }
        }

        return null;
    }

    /// <summary>Whether what has come is one event of the shape that came last and nothing else.</summary>
    /// <param name="framing">What would cut it.</param>
    /// <param name="bytes">What has come.</param>
    /// <param name="shape">Receives the shape.</param>
    /// <param name="found">Receives where its text stands.</param>
    public bool IsOneMore(IStreamFraming framing, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EventShape? shape, out KnownEvent found)
    {
        shape = _latest;
        found = default;
        return shape is { IsOver: false } && shape.TryCut(bytes, out found) && framing.IsNothing(bytes[found.Length..])
            && shape.IsClean(bytes, found);
    }

    /// <summary>Takes note of the shape of an event that was read.</summary>
    public void Learn(LiveEvent read)
    {
        // One that was read although its shape is known has something to find in it.
        if (EventShape.Of(read, form, OpenPadding) is not { } shape || _shapes.Exists(s => s.Channel == shape.Channel && s.IsOf(read.Raw)))
        {
            return;
        }

        if (_shapes.Count == MostShapes)
        {
            _shapes.RemoveAt(MostShapes - 1);
        }

        _shapes.Insert(0, shape);
    }

    /// <summary>Begins with events of a shape.</summary>
    public EventRun Begin(EventShape shape)
    {
        _latest = shape;
        var run = _spare.TryPop(out var spare) ? spare : new EventRun();
        run.Begin(shape);
        return run;
    }

    /// <summary>Takes back a run that has left.</summary>
    public void Return(EventRun left)
    {
        if (_spare.Count < MostSpares)
        {
            _spare.Push(left);
        }
    }

    // All of one answer look alike, so that one scan serves for the shapes of all its texts.
    private LoneScan? OpenPadding(SegmentInfo info)
    {
        if (!_hasPadding || _padding.Info != info)
        {
            _padding = (info, run.OpenLone(entries, info));
            _hasPadding = true;
        }

        return _padding.Scan;
    }

    private static bool IsNext(EventShape shape, ReadOnlySpan<byte> bytes, out KnownEvent found) =>
        shape.TryCut(bytes, out found) && shape.IsClean(bytes, found);
}

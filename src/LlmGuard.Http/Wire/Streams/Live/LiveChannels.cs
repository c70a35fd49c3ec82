using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>The texts of a stream that go on from event to event, as the entries of one pass see them: which are open, and which are over.</summary>
internal sealed class LiveChannels(StreamRun run, SpanEntries entries)
{
    // Each open text has its entries' scans behind it; no answer has that many.
    public const int Most = 1024;

    private readonly Dictionary<int, LiveChannel> _open = [];
    private readonly Dictionary<int, LiveChannel> _paused = [];
    private readonly List<LiveChannel> _touched = [];
    private int _thoughts;

    /// <summary>Bytes that waited when the entries looked last.</summary>
    public int Held { get; private set; }

    /// <summary>The text that a piece belongs to; null when there are too many.</summary>
    public LiveChannel? Of(in SegmentInfo piece)
    {
        if (!_open.TryGetValue(piece.Join, out var channel) && _open.Count < Most)
        {
            _open.Add(piece.Join, channel = Open(piece));
        }

        return channel;
    }

    /// <summary>Takes note that a text has changed.</summary>
    public void Touch(LiveChannel channel)
    {
        if (!channel.IsTouched)
        {
            channel.IsTouched = true;
            Held -= channel.HeldBefore;
            _touched.Add(channel);
        }
    }

    /// <summary>What else a call consists of (its name) is complete with its arguments; more of it begins another call.</summary>
    public void EndCall(SegmentPosition call)
    {
        foreach (var (join, channel) in _open)
        {
            if (channel.Info.Kind == SegmentKind.ToolCall && channel.Info.Position == call)
            {
                End(join, channel);
            }
        }
    }

    /// <summary>
    /// Where a text goes over from one part to another they are no longer the same: each part is judged by itself as well, from its first byte. One
    /// that goes on after it was said to be over is judged with its end before that.
    /// </summary>
    public void Begin(LiveChannel channel, PartText part)
    {
        if (channel.LastPart is { } last && last != part)
        {
            if (last.Alone is null)
            {
                Separate(channel, last, channel);
                last.Alone!.HasEnded = last.IsOver;
            }

            if (part.Alone is null)
            {
                Separate(channel, part, null);
            }
        }

        if (part.Alone is { HasEnded: true } ended)
        {
            Separate(channel, part, ended);
        }

        part.IsOver = false;
    }

    /// <summary>No more comes of a part, so that nothing waits for it.</summary>
    public void EndPart(PartText part)
    {
        part.IsOver = true;
        if (part.Alone is { HasEnded: false } alone)
        {
            alone.HasEnded = true;
            foreach (var channel in _open.Values.Where(channel => channel.Holds(alone)))
            {
                Touch(channel);
            }
        }
    }

    /// <summary>
    /// Where a model goes over from thinking to anything else its thoughts are over, or all that follows would wait for more of them. Should there
    /// be more after all, they are scanned with the end of those before; a match across, whose beginning has left, ends the answer.
    /// </summary>
    public void EndThoughts(in SegmentInfo next)
    {
        if (_thoughts == 0 || next.Kind == SegmentKind.Reasoning || next.Kind == SegmentKind.Unknown)
        {
            return;
        }

        foreach (var (join, channel) in _open)
        {
            if (channel.Info.Kind == SegmentKind.Reasoning && channel.Info.Position.Choice == next.Position.Choice)
            {
                End(join, channel);
                _paused[join] = channel;
                _thoughts--;
            }
        }
    }

    /// <summary>No more comes of any text.</summary>
    public void EndAll()
    {
        foreach (var channel in _open.Values)
        {
            channel.HasEnded = true;
            Touch(channel);
        }
    }

    /// <summary>Has the entries decide what they can of what has changed; false when what they edit has left already.</summary>
    public bool TryAdvance()
    {
        var isInTime = true;
        foreach (var channel in _touched)
        {
            isInTime &= channel.TryAdvance(run);
            channel.IsTouched = false;
            channel.HeldBefore = channel.Held;
            Held += channel.HeldBefore;
        }

        _touched.Clear();
        return isInTime;
    }

    /// <summary>The same where only one text has changed.</summary>
    public bool TryAdvance(LiveChannel only)
    {
        if (_touched.Count > 0 || _thoughts > 0)
        {
            Touch(only);
            EndThoughts(only.Info);
            return TryAdvance();
        }

        Held -= only.HeldBefore;
        var isInTime = only.TryAdvance(run);
        only.HeldBefore = only.Held;
        Held += only.HeldBefore;
        return isInTime;
    }

    private void End(int join, LiveChannel channel)
    {
        channel.HasEnded = true;
        Touch(channel);
        _open.Remove(join);
    }

    private void Separate(LiveChannel channel, PartText part, LiveChannel? before) =>
        channel.Separate(part, run.Open(entries, channel.Info, isPart: true), before);

    private LiveChannel Open(in SegmentInfo info)
    {
        _thoughts += info.Kind == SegmentKind.Reasoning ? 1 : 0;
        var chain = run.Open(entries, info);
        if (!_paused.Remove(info.Join, out var before))
        {
            return new LiveChannel(chain, info with { Join = -1 }, hasTail: info.Kind == SegmentKind.Reasoning || PartCopies.HasParts(info));
        }

        return before.TakeUp(chain);
    }
}

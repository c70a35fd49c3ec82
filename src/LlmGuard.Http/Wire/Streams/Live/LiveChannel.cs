using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>One text of a stream that goes on from event to event.</summary>
/// <param name="chain">The entries' scans of it.</param>
/// <param name="info">What is known about it.</param>
/// <param name="hasTail">Whether its end may be needed once more: it is thoughts, or has parts.</param>
/// <param name="seed">Bytes at its start that left before it was taken up again: they are scanned once more and not edited.</param>
internal sealed class LiveChannel(SpanChain chain, SegmentInfo info, bool hasTail, int seed = 0)
{
    // Thoughts, and parts, may be broken off and taken up again, so that their end is needed once more.
    private readonly TextWindow? _tail = hasTail ? new TextWindow() : null;
    private readonly List<LiveChannel> _parts = [];

    public SpanChain Chain => chain;

    public SegmentInfo Info => info;

    /// <summary>The stretch of a part that its last piece belongs to.</summary>
    public PartRun? Run { get; private set; }

    /// <summary>The part that its last piece belongs to, also where that came before it was broken off.</summary>
    public PartText? LastPart { get; set; }

    /// <summary>Bytes that wait, in the text and in its parts by themselves.</summary>
    public int Held
    {
        get
        {
            var held = chain.Held;
            for (var i = 0; i < _parts.Count; i++)
            {
                held += _parts[i].Chain.Held;
            }

            return held;
        }
    }

    /// <summary>Whether it has got text since its entries looked last.</summary>
    public bool IsTouched { get; set; }

    /// <summary>The end of it, as far as a match that goes on may begin there.</summary>
    public ReadOnlySpan<byte> Tail
    {
        get
        {
            var tail = _tail is null ? default : _tail.Slice(_tail.Start, _tail.End);
            while (tail.Length > 0 && (tail[0] & 0xC0) == 0x80)
            {
                tail = tail[1..];
            }

            return tail;
        }
    }

    /// <summary>Whether no more of it comes.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Bytes that waited after its entries looked last.</summary>
    public int HeldBefore { get; set; }

    /// <summary>The end of what judges of whole text have let pass, which they see again before what follows.</summary>
    public byte[] Context { get; set; } = [];

    /// <summary>The stretch of a part that the judges of whole text were shown last.</summary>
    public PartRun? JudgedRun { get; private set; }

    /// <summary>Bytes that the judges of whole text were shown.</summary>
    public long Judged { get; private set; }

    /// <summary>Takes note of a piece that the judges of whole text are shown.</summary>
    public void Show(PartText? part, int length)
    {
        JudgedRun = PartRun.Next(JudgedRun, part, Judged, length);
        Judged += length;
    }

    /// <summary>Adds a piece.</summary>
    /// <param name="text">The piece.</param>
    /// <param name="part">The part it belongs to; null where the text has none.</param>
    public void Append(ReadOnlySpan<byte> text, PartText? part)
    {
        // Most texts have no parts, and keep that they have none.
        if (part is not null || LastPart is not null)
        {
            Run = PartRun.Next(Run, part, chain.Length, text.Length);
            LastPart = part;
        }

        Append(text);
        Run?.Alone?.Append(text);
    }

    /// <summary>The text once more, after it was broken off: with its end scanned again.</summary>
    public LiveChannel TakeUp(SpanChain scans)
    {
        var again = new LiveChannel(scans, info, hasTail: true, Tail.Length) { Context = Context, LastPart = LastPart };
        again.Append(Tail);
        return again;
    }

    /// <summary>Whether a part by itself is one of this text's.</summary>
    public bool Holds(LiveChannel part) => _parts.Contains(part);

    /// <summary>Offset up to which the text is decided, and its part by itself where they differ.</summary>
    /// <param name="run">A stretch of a part; null where the text has none.</param>
    public long DecidedIn(PartRun? run) => run is null ? chain.Decided : Math.Min(chain.Decided, run.DecidedAlone);

    /// <summary>Has a part be judged by itself as well, which is the end of this text or of what was judged of it before.</summary>
    /// <param name="part">The part.</param>
    /// <param name="scans">The entries' scans for it.</param>
    /// <param name="before">What ends with what there is of the part; null when there is nothing of it.</param>
    public void Separate(PartText part, SpanChain scans, LiveChannel? before)
    {
        var tail = before is null ? default : before.Tail;
        var left = before is null ? 0 : (int)Math.Max(0, before.Chain.Decided - (before.Chain.Length - tail.Length));
        part.Alone = new LiveChannel(scans, info, hasTail: true, left);
        part.Alone.Append(tail);
        _parts.Add(part.Alone);
        if (ReferenceEquals(before, this) && Run?.Part == part)
        {
            Run.Join(part.Alone, part.Length);
        }
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        chain.Append(text);
        _tail?.Append(text);
    }

    /// <summary>Has the entries decide what they can; false when what they edit has left already.</summary>
    public bool TryAdvance(StreamRun run)
    {
        var isInTime = TryAdvanceText(run);
        if (_parts.Count > 0)
        {
            foreach (var part in _parts)
            {
                part.HasEnded |= HasEnded;
                isInTime &= part.TryAdvanceText(run);
            }

            _parts.RemoveAll(static part => part.HasEnded);
        }

        return isInTime;
    }

    private bool TryAdvanceText(StreamRun run)
    {
        run.Advance(chain, HasEnded);
        if (!HasEnded)
        {
            _tail?.DropBefore(chain.Decided - SpanReach.MaxLeft);
        }

        chain.Forget(seed);
        return seed == 0 || !chain.HasEditBefore(seed);
    }
}

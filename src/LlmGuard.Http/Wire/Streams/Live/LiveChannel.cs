using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>One text of a stream that goes on from event to event.</summary>
/// <param name="chain">The entries' scans of it.</param>
/// <param name="info">What is known about it.</param>
/// <param name="seed">Bytes at its start that left before it was taken up again: they are scanned once more and not edited.</param>
internal sealed class LiveChannel(SpanChain chain, SegmentInfo info, int seed = 0)
{
    // Thoughts may be broken off and taken up again, so that their end is needed once more.
    private readonly TextWindow? _tail = info.Kind == SegmentKind.Reasoning ? new TextWindow() : null;

    public SpanChain Chain => chain;

    public SegmentInfo Info => info;

    /// <summary>The stretch of a part that its last piece belongs to.</summary>
    public PartRun? Run { get; private set; }

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
        Run = PartRun.Next(Run, part, chain.Length, text.Length);
        chain.Append(text);
        _tail?.Append(text);
    }

    /// <summary>Has the entries decide what they can; false when what they edit has left already.</summary>
    public bool TryAdvance(StreamRun run)
    {
        run.Advance(chain, HasEnded);
        if (!HasEnded)
        {
            _tail?.DropBefore(chain.Decided - SpanReach.MaxLeft);
        }

        chain.Forget(seed);
        return seed == 0 || chain.Edits.Count == 0 || chain.Edits[0].Start >= seed;
    }
}

/// <summary>A piece of such a text, in one event.</summary>
/// <param name="Channel">The text.</param>
/// <param name="Start">Offset of the piece in it.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Segment">The piece's segment among the event's.</param>
/// <param name="Run">The stretch of a part it belongs to; null where the text has none.</param>
internal readonly record struct LivePiece(LiveChannel Channel, long Start, int Length, int Segment, PartRun? Run)
{
    public bool IsDecided => Channel.Chain.Decided >= Start + Length;

    /// <summary>The edits of the text that touch the piece, as edits of its segment: the replacement goes where the span's first byte is.</summary>
    public void AddEdits(List<TextEdit> edits)
    {
        foreach (var edit in Channel.Chain.Edits)
        {
            var from = Math.Max(edit.Start, Start);
            var to = Math.Min(edit.End, Start + Length);
            if (from < to)
            {
                edits.Add(new TextEdit(Segment, new TextSpan((int)(from - Start), (int)(to - from)), edit.Start >= Start ? edit.Utf8 : default));
            }
        }
    }

    /// <summary>Notes the edits of the text that touch the piece, for later copies of its part.</summary>
    public void NoteEdits(PartCopies copies)
    {
        foreach (var edit in Channel.Chain.Edits)
        {
            if (edit.Start < Start + Length && edit.End > Start)
            {
                copies.Note(Run, edit, Start + Length);
            }
        }
    }
}

using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>One text of a stream that goes on from event to event.</summary>
internal sealed class LiveChannel(SpanChain chain, SegmentInfo info)
{
    public SpanChain Chain => chain;

    public SegmentInfo Info => info;

    /// <summary>Whether it has got text since its entries looked last.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Whether no more of it comes.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Bytes that waited after its entries looked last.</summary>
    public int HeldBefore { get; set; }

    /// <summary>The end of what judges of whole text have let pass, which they see again before what follows.</summary>
    public byte[] Context { get; set; } = [];
}

/// <summary>A piece of such a text, in one event.</summary>
/// <param name="Channel">The text.</param>
/// <param name="Start">Offset of the piece in it.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Segment">The piece's segment among the event's.</param>
internal readonly record struct LivePiece(LiveChannel Channel, long Start, int Length, int Segment)
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
}

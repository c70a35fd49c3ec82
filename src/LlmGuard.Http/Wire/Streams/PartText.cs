using LlmGuard.Http.Json;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>One part of a text that comes in pieces. Its bytes are not kept, so that memory does not grow with the answer.</summary>
/// <param name="kind">What it is.</param>
/// <param name="position">Where it stands.</param>
internal sealed class PartText(SegmentKind kind, SegmentPosition position)
{
    /// <summary>Bytes so far.</summary>
    public long Length { get; set; }

    /// <summary>What was edited at its edges, in its own bytes.</summary>
    public List<TextEdit> Edits { get; } = [];

    /// <summary>Adds an edit after those it has, or puts it in the place of the last, which is the beginning of it.</summary>
    public void Add(in TextEdit edit)
    {
        if (Edits.Count > 0 && Edits[^1].Span.Start == edit.Span.Start)
        {
            Edits[^1] = edit;
        }
        else
        {
            Edits.Add(edit);
        }
    }

    /// <summary>Whether a segment repeats the part: the same kind of text, in the same place, as long.</summary>
    public bool IsCopy(Segment segment) => segment.Payload == PayloadKind.Text && segment.Data.Info.Join < JsonStreamState.FirstJoin
        && segment.Kind == kind && segment.Position == position && segment.Utf8.Length == Length;
}

/// <summary>A stretch of a text that belongs to one part.</summary>
/// <param name="part">The part.</param>
/// <param name="start">Offset of the stretch in the text.</param>
internal sealed class PartRun(PartText part, long start)
{
    // As far as what stands before a match decides about it, a part judged by itself may be judged otherwise.
    private const int Edge = SpanReach.MaxLeft;

    private readonly long _shift = part.Length - start;
    private long? _end;

    public PartText Part => part;

    /// <summary>The stretch that a piece belongs to.</summary>
    /// <param name="last">The stretch of the piece before it.</param>
    /// <param name="part">The piece's part; null where the text has none.</param>
    /// <param name="start">Offset of the piece in the text.</param>
    /// <param name="length">Its bytes.</param>
    public static PartRun? Next(PartRun? last, PartText? part, long start, int length)
    {
        var run = last;
        if (last?.Part != part)
        {
            last?._end = start;
            run = part is null ? null : new PartRun(part, start);
        }

        part?.Length += length;
        return run;
    }

    /// <summary>Whether an edit of the text reaches over an edge of the stretch, or so near to one that the part by itself may not show it.</summary>
    public bool IsAtEdge(in DecidedEdit edit) => (start > 0 && edit.Start < start + Edge) || (_end is { } end && edit.End > end - Edge);

    /// <summary>What an edit of the text takes from the stretch up to an offset in the text: the replacement goes where the edit's first byte is.</summary>
    public TextEdit ShareOf(in DecidedEdit edit, long end)
    {
        var from = Math.Max(edit.Start, start);
        return new TextEdit(0, new TextSpan((int)(from + _shift), (int)(Math.Min(edit.End, end) - from)), edit.Start >= start ? edit.Utf8 : default);
    }
}

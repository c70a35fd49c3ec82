using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.Streams.Live;

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

    /// <summary>The part by itself while it arrives; null while no other part of its text has come, so that the text is the part.</summary>
    public LiveChannel? Alone { get; set; }

    /// <summary>Whether the answer has said that no more of it comes.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether it stands in a place, which is a part's or a block's.</summary>
    public bool IsIn(SegmentPosition place) => position == place || (place.Part < 0 && position with { Part = -1 } == place);

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
    public bool IsCopy(Segment segment) => position.Part >= 0
        && segment.Payload == PayloadKind.Text && segment.Data.Info.Join < JsonStreamState.FirstJoin
        && segment.Kind == kind && segment.Position == position && segment.Utf8.Length == Length;
}

using LlmGuard.Execution.Edits;

namespace LlmGuard.Streaming;

/// <summary>
/// Makes one of the edits that entries side by side ask for of one growing text. A union that is longer than <see cref="EditMerge.LongestUnion"/>
/// leaves in pieces: its mask with the first, and nothing in the place of the rest, which is what it becomes in a whole text.
/// </summary>
internal sealed class OpenUnion
{
    private static readonly Replacement Nothing = Replacement.Literal("");

    /// <summary>Offset up to which a union goes on whose mask has left.</summary>
    public long End { get; private set; }

    /// <summary>Whether the text may be cut at an offset: no edit crosses it, or a union whose mask is certain by then does.</summary>
    /// <param name="edits">The edits that begin before it, in plan order.</param>
    /// <param name="origin">What has left, and what the edits' spans count from.</param>
    /// <param name="at">The offset, up to which all entries have decided.</param>
    public bool MayCut(List<SegmentEdit> edits, long origin, long at)
    {
        if (Merged(edits, origin) is not [.., var last] || origin + last.Span.End <= at)
        {
            return true;
        }

        return (last.Span.Start == 0 && End > origin) || (last.IsLong && at - origin - last.Span.Start >= EditMerge.LongestUnion);
    }

    /// <summary>What the edits of the text up to an offset become; it may be cut there.</summary>
    /// <param name="edits">The edits that begin before it, in plan order.</param>
    /// <param name="origin">What has left, and what the edits' spans count from.</param>
    /// <param name="until">The offset.</param>
    public MergedEdit[] Take(List<SegmentEdit> edits, long origin, long until)
    {
        var merged = Merged(edits, origin);
        if (merged is [.., var last] && origin + last.Span.End > until)
        {
            End = origin + last.Span.End;
            merged[^1] = last with { Span = last.Span with { Length = (int)(until - origin) - last.Span.Start } };
        }

        return merged;
    }

    private MergedEdit[] Merged(List<SegmentEdit> edits, long origin)
    {
        if (End > origin)
        {
            // The first of all, and as strict as any, so that it is what the rest of the union becomes.
            edits.Insert(0, new SegmentEdit(0, new TextSpan(0, (int)(End - origin)), Nothing));
        }

        return EditMerge.Merge(edits);
    }
}

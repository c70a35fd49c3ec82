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
    public bool MayCut(List<SegmentEdit> edits, long origin, long at) =>
        Merge(edits, origin) is not [.., var last] || origin + last.Span.End <= at || IsCertain(last, origin, at);

    /// <summary>Whether it is known by an offset what a union becomes that goes on behind it.</summary>
    public bool IsCertain(in MergedEdit union, long origin, long at) =>
        (union.Span.Start == 0 && End > origin) || (union.IsLong && at - origin - union.Span.Start >= EditMerge.LongestUnion);

    /// <summary>What the edits of the text up to an offset become; it may be cut there.</summary>
    /// <param name="edits">The edits that begin before it, in plan order.</param>
    /// <param name="origin">What has left, and what the edits' spans count from.</param>
    /// <param name="until">The offset.</param>
    public MergedEdit[] Take(List<SegmentEdit> edits, long origin, long until)
    {
        var merged = Merge(edits, origin);
        Leave(merged, origin, until);
        if (merged is [.., var last] && origin + last.Span.End > until)
        {
            merged[^1] = last with { Span = last.Span with { Length = (int)(until - origin) - last.Span.Start } };
        }

        return merged;
    }

    /// <summary>Takes note of what leaves with the text up to an offset; of a last one that goes on behind it nothing more will.</summary>
    public void Leave(MergedEdit[] merged, long origin, long until)
    {
        if (merged is [.., var last] && origin + last.Span.End > until)
        {
            End = origin + last.Span.End;
        }
    }

    /// <summary>What edits become where the text before their origin has left.</summary>
    /// <param name="edits">The edits, in plan order.</param>
    /// <param name="origin">What their spans count from.</param>
    public MergedEdit[] Merge(List<SegmentEdit> edits, long origin)
    {
        if (End > origin)
        {
            // The first of all, and as strict as any, so that it is what the rest of the union becomes.
            edits.Insert(0, new SegmentEdit(0, new TextSpan(0, (int)(End - origin)), Nothing));
        }

        return EditMerge.Merge(edits);
    }
}

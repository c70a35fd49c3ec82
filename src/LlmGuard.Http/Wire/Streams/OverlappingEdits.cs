namespace LlmGuard.Http.Wire.Streams;

/// <summary>Edits of one content that were made by more than one reading of it.</summary>
internal static class OverlappingEdits
{
    /// <summary>
    /// The edits, ascending and never overlapping: what several cover together goes, and the one that begins first says what takes its place; of
    /// those that begin together the first.
    /// </summary>
    public static List<TextEdit> Join(List<TextEdit> edits)
    {
        var joined = new List<TextEdit>();
        foreach (var edit in edits.OrderBy(static e => e.Segment).ThenBy(static e => e.Span.Start))
        {
            if (joined.Count == 0 || joined[^1].Segment != edit.Segment || joined[^1].Span.End <= edit.Span.Start)
            {
                joined.Add(edit);
                continue;
            }

            var span = joined[^1].Span;
            joined[^1] = joined[^1] with { Span = span with { Length = Math.Max(span.End, edit.Span.End) - span.Start } };
        }

        return joined;
    }
}

namespace LlmGuard.Http.Wire.Streams;

/// <summary>Edits of one content that were made by more than one reading of it.</summary>
internal static class OverlappingEdits
{
    /// <summary>The edits, ascending and never overlapping: what several cover together goes, and the first of them says what takes its place.</summary>
    public static List<TextEdit> Join(List<TextEdit> edits)
    {
        var order = edits.Select(static (edit, number) => (Edit: edit, Number: number))
            .OrderBy(static e => e.Edit.Segment).ThenBy(static e => e.Edit.Span.Start).ThenBy(static e => e.Number).ToArray();
        var joined = new List<(TextEdit Edit, int Number)>();
        foreach (var (edit, number) in order)
        {
            if (joined.Count == 0 || joined[^1].Edit.Segment != edit.Segment || joined[^1].Edit.Span.End <= edit.Span.Start)
            {
                joined.Add((edit, number));
                continue;
            }

            var (last, first) = joined[^1];
            var span = last.Span with { Length = Math.Max(last.Span.End, edit.Span.End) - last.Span.Start };
            joined[^1] = (first <= number ? last with { Span = span } : edit with { Span = span }, Math.Min(first, number));
        }

        return joined.ConvertAll(static e => e.Edit);
    }
}

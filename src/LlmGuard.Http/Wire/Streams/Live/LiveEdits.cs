namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>Puts the edits of an event together and carries them out.</summary>
internal static class LiveEdits
{
    /// <summary>
    /// The edits of texts that stand in the event as a whole, of its pieces of others and of its copies of those, ascending and never overlapping.
    /// </summary>
    public static TextEdit[] Of(LiveEvent next, PartCopies copies)
    {
        var pieces = new List<TextEdit>();
        foreach (var piece in next.Pieces)
        {
            piece.AddEdits(pieces);
        }

        copies.Replay(next.Current, pieces);
        if (pieces.Count == 0)
        {
            return next.WholeEdits;
        }

        // Where a text is also judged alone both may edit it: the text that goes on says what takes the place.
        pieces.AddRange(next.WholeEdits);
        return [.. OverlappingEdits.Join(pieces)];
    }

    /// <summary>The event's bytes as they leave, or null when an edit cannot be carried out.</summary>
    public static ReadOnlyMemory<byte>? Rewrite(LiveEvent next)
    {
        foreach (var call in next.Calls)
        {
            if (!call.TryDistribute())
            {
                return null;
            }
        }

        ReadOnlyMemory<byte> raw = next.Raw;
        var edits = next.Edits;
        if (edits.Length == 0 && next.Calls.Count == 0 && !next.Frames.Exists(static f => f.Json is { HasStale: true }))
        {
            return raw;
        }

        var splices = new List<ByteSplice>();
        foreach (var edit in edits)
        {
            if (next.LineValues.TryGetValue(edit.Segment, out var value))
            {
                if (edit.Utf8.Span.ContainsAny((byte)'\r', (byte)'\n'))
                {
                    return null;
                }

                splices.Add(new ByteSplice(edit.Span with { Start = value.Start + edit.Span.Start }, edit.Utf8));
            }
        }

        foreach (var frame in next.Frames)
        {
            var own = edits.Where(e => e.Segment >= frame.FirstSegment && e.Segment < frame.EndSegment).ToList();
            if (!frame.TryRewrite(own, raw.Span, splices))
            {
                return null;
            }
        }

        // A comment may stand between the data lines of one event.
        splices.Sort(static (a, b) => a.Span.Start.CompareTo(b.Span.Start));
        return splices.Count == 0 ? raw : ByteSplice.Apply(raw.Span, splices);
    }
}

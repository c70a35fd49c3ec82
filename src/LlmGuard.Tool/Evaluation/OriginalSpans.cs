namespace LlmGuard.Tool.Evaluation;

/// <summary>Maps a span of an edited text back to the text as it was.</summary>
internal static class OriginalSpans
{
    /// <param name="span">A span of the text after the edits.</param>
    /// <param name="edits">The edits of the original: ascending, never overlapping, all of this text.</param>
    /// <returns>The span of the original; where it begins or ends inside a replacement, all that was replaced belongs to it.</returns>
    public static TextSpan Map(TextSpan span, IReadOnlyList<TextEdit> edits)
    {
        if (edits.Count == 0)
        {
            return span;
        }

        var start = Map(span.Start, edits, isEnd: false);
        return new TextSpan(start, Math.Max(0, Map(span.End, edits, isEnd: true) - start));
    }

    private static int Map(int offset, IReadOnlyList<TextEdit> edits, bool isEnd)
    {
        var shift = 0;
        for (var i = 0; i < edits.Count; i++)
        {
            var edit = edits[i];
            var (start, end) = (edit.Span.Start + shift, edit.Span.Start + shift + edit.Utf8.Length);
            if (isEnd ? offset <= start : offset < start)
            {
                break;
            }

            if (isEnd ? offset <= end : offset < end)
            {
                return isEnd ? edit.Span.End : edit.Span.Start;
            }

            shift += edit.Utf8.Length - edit.Span.Length;
        }

        return offset - shift;
    }
}

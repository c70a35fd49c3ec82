using LlmGuard.Http.Json;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>One event or line of a streamed answer that carries text.</summary>
internal sealed class StreamFrame
{
    /// <summary>The text, lines joined by LF.</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>The <c>data</c> lines the text stands in; one line without field name in JSON lines.</summary>
    public required IReadOnlyList<SseLine> Lines { get; init; }

    /// <summary>The text read as JSON; null when it is plain text, which is then one segment.</summary>
    public JsonBody? Json { get; set; }

    /// <summary>Index of the segment of a plain text; -1 for none.</summary>
    public int Segment { get; set; } = -1;

    /// <summary>Carries out edits of the frame's segments.</summary>
    /// <param name="edits">The edits, ascending.</param>
    /// <param name="text">The new text, or null when it stays as it was.</param>
    /// <returns>False when an edit cannot be carried out.</returns>
    public bool TryRewrite(IReadOnlyList<TextEdit> edits, out ReadOnlyMemory<byte>? text)
    {
        text = null;
        if (Json is { } json)
        {
            // Also without edits of its own: fragments of an assembled text may have been edited.
            var rewrite = json.Rewrite(edits, []);
            text = rewrite.Bytes;
            return rewrite.Failure is null;
        }

        if (edits.Count > 0)
        {
            text = ByteSplice.Apply(Text.Span, [.. edits.Select(edit => new ByteSplice(edit.Span, edit.Utf8))]);
        }

        return true;
    }

    /// <summary>The splices that make the frame carry another text; false when a line cannot hold it.</summary>
    /// <param name="stream">The whole stream.</param>
    /// <param name="text">The new text.</param>
    /// <param name="splices">Gets the splices, ascending.</param>
    public bool TryReplace(ReadOnlySpan<byte> stream, ReadOnlyMemory<byte> text, List<ByteSplice> splices)
    {
        var isData = Lines[0].Field == SseField.Data;
        if (text.Span.Contains((byte)'\r') || (!isData && text.Span.Contains((byte)'\n')))
        {
            return false;
        }

        var first = Lines[0];
        var terminator = stream[first.Value.End..first.Line.End];
        splices.Add(new ByteSplice(first.Value, isData ? ToDataLines(text, first.HasColon, terminator) : text));
        for (var i = 1; i < Lines.Count; i++)
        {
            splices.Add(new ByteSplice(Lines[i].Line, default));
        }

        return true;
    }

    private static ReadOnlyMemory<byte> ToDataLines(ReadOnlyMemory<byte> text, bool hasColon, ReadOnlySpan<byte> terminator)
    {
        if (hasColon && !text.Span.Contains((byte)'\n'))
        {
            return text;
        }

        var lines = new MemoryStream(text.Length + 16);
        lines.Write(hasColon ? [] : ": "u8);
        foreach (var range in text.Span.Split((byte)'\n'))
        {
            if (range.Start.Value > 0)
            {
                lines.Write(terminator.IsEmpty ? "\n"u8 : terminator);
                lines.Write("data: "u8);
            }

            lines.Write(text.Span[range]);
        }

        return lines.ToArray();
    }
}

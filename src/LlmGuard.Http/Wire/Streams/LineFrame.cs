namespace LlmGuard.Http.Wire.Streams;

/// <summary>A text in one or more lines: an event's, its lines joined by LF, or one of JSON lines.</summary>
internal sealed class LineFrame : StreamFrame
{
    /// <summary>The <c>data</c> lines the text stands in; one line without field name in JSON lines.</summary>
    public required IReadOnlyList<SseLine> Lines { get; init; }

    protected override bool TryReplace(ReadOnlySpan<byte> stream, ReadOnlyMemory<byte> text, List<ByteSplice> splices)
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

namespace LlmGuard.Http.Wire.Streams;

/// <summary>One line of an event stream.</summary>
/// <param name="Field">What it says.</param>
/// <param name="Line">The line with its terminator.</param>
/// <param name="Value">The value, after the colon and one space.</param>
/// <param name="HasColon">Whether there is a colon.</param>
internal readonly record struct SseLine(SseField Field, TextSpan Line, TextSpan Value, bool HasColon)
{
    /// <summary>A line that is a JSON text.</summary>
    public static SseLine OfJson(TextSpan text) => new(SseField.Unknown, text, text, false);

    /// <summary>Reads the lines of a stream: LF, CRLF and CR end a line, a byte order mark may start the first.</summary>
    public static List<SseLine> Split(ReadOnlySpan<byte> stream)
    {
        var lines = new List<SseLine>();
        for (var start = stream.StartsWith("\uFEFF"u8) ? 3 : 0; start < stream.Length;)
        {
            var length = stream[start..].IndexOfAny((byte)'\n', (byte)'\r');
            var end = length < 0 ? stream.Length : start + length;
            var next = length < 0 ? end : end + (stream[end..].StartsWith("\r\n"u8) ? 2 : 1);
            lines.Add(Read(stream, start, end, next));
            start = next;
        }

        return lines;
    }

    private static SseLine Read(ReadOnlySpan<byte> stream, int start, int end, int next)
    {
        var line = new TextSpan(start, next - start);
        if (start == end)
        {
            return new SseLine(SseField.End, line, new TextSpan(end, 0), false);
        }

        var colon = stream[start..end].IndexOf((byte)':');
        var name = colon < 0 ? stream[start..end] : stream.Slice(start, colon);
        var valueStart = colon < 0 ? end : start + colon + 1;
        if (valueStart < end && stream[valueStart] == ' ')
        {
            valueStart++;
        }

        var field = name.SequenceEqual("data"u8) ? SseField.Data
            : colon == 0 ? SseField.Comment
            : name.SequenceEqual("event"u8) ? SseField.Event
            : name.SequenceEqual("id"u8) ? SseField.Id
            : name.SequenceEqual("retry"u8) ? SseField.Retry
            : SseField.Unknown;

        // Of a line that is no field the name is all there is to read.
        return field == SseField.Unknown
            ? new SseLine(field, line, new TextSpan(start, end - start), colon >= 0)
            : new SseLine(field, line, new TextSpan(valueStart, end - valueStart), colon >= 0);
    }
}

/// <summary>The fields of an event stream.</summary>
internal enum SseField
{
    /// <summary>An empty line, which ends an event.</summary>
    End,
    Data,
    Event,
    Id,
    Retry,
    Comment,

    /// <summary>A line clients ignore.</summary>
    Unknown,
}

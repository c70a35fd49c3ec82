using LlmGuard.Http.Dialects;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Http.Wire.Streams.Live.Framing;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>
/// Tells by its first bytes how the answer to a request for a stream is framed, where its Content-Type does not: SDKs read what they asked for,
/// whatever it is called. Strict: what is not surely one of the forms is none, and such an answer is held whole.
/// </summary>
internal static class StreamStart
{
    /// <summary>Most bytes that are waited for. An answer that has not shown its form by then is held whole.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Whether an answer of that type may be a stream that goes under a wrong name.</summary>
    /// <param name="type">The type; null when there is none.</param>
    public static bool MayMislead(MediaType? type) => type is null
        or { IsUtf8: true, IsJson: true }
        or { IsUtf8: true, IsText: true, IsEventStream: false, IsJsonLines: false }
        or { Name: "application/octet-stream" or "binary/octet-stream" };

    /// <summary>Tells the form of an answer.</summary>
    /// <param name="bytes">What is there of it.</param>
    /// <param name="dialect">The request's dialect.</param>
    /// <param name="form">The form, or null when it is surely none.</param>
    /// <returns>False when more has to come before it can be told.</returns>
    public static bool TryTell(ReadOnlySpan<byte> bytes, string dialect, out StreamForm? form)
    {
        form = null;
        if (bytes.IsEmpty || (bytes.Length < 3 && "\uFEFF"u8.StartsWith(bytes)))
        {
            return false;
        }

        if (bytes[0] == 0)
        {
            form = AmazonEventFrame.IsStartOf(bytes) ? StreamForm.AmazonEvents : null;
            return form is not null || bytes.Length >= AmazonEventFrame.PreludeLength;
        }

        // A byte order mark may stand before an event stream only, and so may empty lines but no space.
        var hasMark = bytes.StartsWith("\uFEFF"u8);
        bytes = hasMark ? bytes[3..] : bytes;
        var lines = bytes.TrimStart("\r\n"u8);
        var text = bytes.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] is (byte)'[' or (byte)'{' && !hasMark)
        {
            return TryTellJson(text, dialect, out form);
        }

        if (text.Length != lines.Length)
        {
            return true;
        }

        form = IsFieldOfEvent(lines, out var needsMore) ? StreamForm.Events : null;
        return !needsMore;
    }

    private static bool TryTellJson(ReadOnlySpan<byte> text, string dialect, out StreamForm? form)
    {
        form = null;
        if (text[0] == '[')
        {
            form = DialectRegistry.Find(dialect) is { StreamsAsArray: true } ? StreamForm.Array : null;
            return true;
        }

        // One object may be a whole answer; a line of its own and another one after it are not.
        var end = text.IndexOf((byte)'\n');
        if (end < 0)
        {
            return false;
        }

        if (!JsonSyntax.IsValue(text[..end]))
        {
            return true;
        }

        var next = text[end..].TrimStart(" \t\r\n"u8);
        form = !next.IsEmpty && next[0] == '{' ? StreamForm.Lines : null;
        return !next.IsEmpty;
    }

    private static bool IsFieldOfEvent(ReadOnlySpan<byte> line, out bool needsMore)
    {
        needsMore = false;
        foreach (var field in (ReadOnlySpan<string>)[":", "data:", "event:", "id:", "retry:"])
        {
            var compared = Math.Min(field.Length, line.Length);
            if (System.Text.Ascii.Equals(line[..compared], field.AsSpan(0, compared)))
            {
                needsMore = compared < field.Length;
                return !needsMore;
            }
        }

        return false;
    }
}

using System.Buffers;

namespace LlmGuard.Http.Json.Edits;

/// <summary>Turns edits of unescaped texts into edits of the raw bytes they came from. Edits of one segment come in ascending order.</summary>
internal sealed class RawEditMapper(ReadOnlyMemory<byte> text)
{
    private int _start = -1;
    private int _fromRaw;
    private int _fromText;

    /// <summary>The raw edit, or null when there is none: a fixed text, part of a number, a span outside the text or inside an escape.</summary>
    public RawEdit? Map(in SegmentOrigin origin, TextSpan span, ReadOnlyMemory<byte> replacement)
    {
        switch (origin.Kind)
        {
            case OriginKind.Number:
                return span.Start == 0 && span.Length == origin.Length
                    ? new RawEdit(origin.Start, origin.Length,
                        Escaped(replacement, quoted: true)) { Value = new TextSpan(origin.Start, origin.Length) }
                    : null;
            case OriginKind.String:
                return MapString(origin, span, Escaped(replacement, quoted: false));
            default:
                return null;
        }
    }

    private RawEdit? MapString(in SegmentOrigin origin, TextSpan span, ReadOnlyMemory<byte> replacement)
    {
        if (span.Start < 0 || span.Length <= 0 || span.Start > origin.Length || span.Length > origin.Length - span.Start)
        {
            return null;
        }

        if (!origin.HasEscapes)
        {
            return Inside(origin, span.Start, span.Length, replacement);
        }

        var raw = text.Span.Slice(origin.Start, origin.Length);
        if (_start != origin.Start || span.Start < _fromText)
        {
            (_start, _fromRaw, _fromText) = (origin.Start, 0, 0);
        }

        var first = JsonEscapes.RawOffset(raw, span.Start, _fromRaw, _fromText);
        var last = first < 0 ? -1 : JsonEscapes.RawOffset(raw, span.End, first, span.Start);
        if (last < 0)
        {
            return null;
        }

        (_fromRaw, _fromText) = (last, span.End);
        return Inside(origin, first, last - first, replacement);
    }

    private static RawEdit Inside(in SegmentOrigin origin, int start, int length, ReadOnlyMemory<byte> replacement) =>
        new(origin.Start + start, length, replacement) { Value = new TextSpan(origin.Start, origin.Length), IsInString = true };

    private static ReadOnlyMemory<byte> Escaped(ReadOnlyMemory<byte> replacement, bool quoted)
    {
        if (!quoted && !JsonEscapes.IsNeeded(replacement.Span))
        {
            return replacement;
        }

        var raw = new ArrayBufferWriter<byte>(replacement.Length + 16);
        if (quoted)
        {
            raw.Write("\""u8);
        }

        JsonEscapes.Escape(replacement.Span, raw);
        if (quoted)
        {
            raw.Write("\""u8);
        }

        return raw.WrittenMemory;
    }
}

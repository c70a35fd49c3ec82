using LlmGuard.Http.Json;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// What events of a stream have in common that differ in one string only. An event that begins and ends with the same bytes and has a well-formed
/// string between them is read by comparing: a reader would come to that string in the same state, and leave it so.
/// </summary>
internal sealed class EventShape
{
    private readonly byte[] _prefix;
    private readonly byte[] _suffix;
    private byte[] _text = [];

    private EventShape(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> suffix, in LivePiece piece)
    {
        _prefix = prefix.ToArray();
        _suffix = suffix.ToArray();
        Channel = piece.Channel;
        Part = piece.Run?.Part;
    }

    public LiveChannel Channel { get; }

    /// <summary>The part that the text belongs to; null where it has none.</summary>
    public PartText? Part { get; }

    /// <summary>The shape of an event, or null when more than one string of it could matter.</summary>
    public static EventShape? Of(LiveEvent read)
    {
        if (read is not { Frame: { Lines.Count: 1, Json: { } json }, Pieces: [var piece], Calls.Count: 0, LineValues.Count: 0, Edits.Length: 0 }
            || piece.Channel.Info.Kind == SegmentKind.Unknown
            || json.StringOf(piece.Segment) is not { } place)
        {
            return null;
        }

        var start = read.Frame.Lines[0].Value.Start + place.Start;
        return new EventShape(read.Bytes.Span[..start], read.Bytes.Span[(start + place.Length)..], piece);
    }

    /// <summary>Whether an event has the shape, with text in it.</summary>
    public bool Fits(ReadOnlySpan<byte> frame) =>
        frame.Length > _prefix.Length + _suffix.Length && frame.StartsWith(_prefix) && frame.EndsWith(_suffix) && JsonEscapes.IsWellFormed(Raw(frame));

    /// <summary>The string's text. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> frame)
    {
        var raw = Raw(frame);
        if (!raw.Contains((byte)'\\'))
        {
            return raw;
        }

        _text = _text.Length >= raw.Length ? _text : new byte[raw.Length * 2];
        return _text.AsSpan(0, JsonEscapes.Unescape(raw, _text));
    }

    /// <summary>The event with edits of its text.</summary>
    /// <param name="frame">The event.</param>
    /// <param name="edits">Edits of the text, ascending.</param>
    /// <returns>The bytes, or null when an edit cannot be carried out.</returns>
    public byte[]? Rewrite(ReadOnlyMemory<byte> frame, List<TextEdit> edits)
    {
        var raw = Raw(frame.Span);
        var origin = new SegmentOrigin
        {
            Kind = OriginKind.String,
            Start = _prefix.Length,
            Length = raw.Length,
            HasEscapes = raw.Contains((byte)'\\'),
            Nested = -1,
            Scope = -1,
        };
        var mapper = new RawEditMapper(frame);
        var splices = new List<RawEdit>(edits.Count);
        foreach (var edit in edits)
        {
            if (mapper.Map(origin, edit.Span, edit.Utf8) is not { } splice)
            {
                return null;
            }

            splices.Add(splice);
        }

        var rewritten = RawEdit.Apply(frame.Span, splices);
        return Fits(rewritten) || rewritten.Length == _prefix.Length + _suffix.Length ? rewritten : null;
    }

    private ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> frame) => frame[_prefix.Length..^_suffix.Length];
}

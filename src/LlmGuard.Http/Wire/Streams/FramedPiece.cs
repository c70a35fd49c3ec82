using LlmGuard.Http.Json;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>A text in a stream whose framing is more than lines: an item of an array, or what a binary message carries.</summary>
/// <param name="Span">What is replaced when the text is edited: the item, or all of the message.</param>
/// <param name="Text">The text.</param>
/// <param name="Frame">Makes the bytes that carry another text.</param>
internal sealed record FramedPiece(TextSpan Span, ReadOnlyMemory<byte> Text, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Frame)
{
    /// <summary>The text read as JSON; null when it is plain text, which is then one segment.</summary>
    public JsonBody? Json { get; init; }

    /// <summary>Index of the segment of a plain text; -1 for none.</summary>
    public int Segment { get; init; } = -1;

    public int FirstSegment => Json?.FirstSegment ?? Segment;

    public int EndSegment => FirstSegment + (Json?.SegmentCount ?? 1);

    /// <summary>The new text; null when it stays. False when an edit cannot be carried out.</summary>
    public bool TryRewrite(List<TextEdit> edits, out ReadOnlyMemory<byte>? text)
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
}

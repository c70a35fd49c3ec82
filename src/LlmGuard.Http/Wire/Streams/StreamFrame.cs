using LlmGuard.Http.Json;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>One text that a streamed answer carries: of an event, a line, an item of an array or a binary message.</summary>
internal abstract class StreamFrame
{
    /// <summary>The text.</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>The text read as JSON; null when it is plain text, which is then one segment.</summary>
    public JsonBody? Json { get; set; }

    /// <summary>Index of the segment of a plain text; -1 for none.</summary>
    public int Segment { get; set; } = -1;

    public int FirstSegment => Json?.FirstSegment ?? Segment;

    public int EndSegment => FirstSegment + (Json?.SegmentCount ?? 1);

    /// <summary>Carries out edits of the frame's segments.</summary>
    /// <param name="edits">The edits, ascending.</param>
    /// <param name="stream">What the frame stands in.</param>
    /// <param name="splices">Gets the splices that make it carry the new text, ascending.</param>
    /// <returns>False when an edit cannot be carried out.</returns>
    public bool TryRewrite(List<TextEdit> edits, ReadOnlySpan<byte> stream, List<ByteSplice> splices)
    {
        if (Json is { } json)
        {
            // Also without edits of its own: fragments of an assembled text may have been edited.
            var rewrite = json.Rewrite(edits, []);
            return rewrite.Failure is null && (rewrite.Bytes is not { } changed || TryReplace(stream, changed, splices));
        }

        return edits.Count == 0
            || TryReplace(stream, ByteSplice.Apply(Text.Span, edits.ConvertAll(static edit => new ByteSplice(edit.Span, edit.Utf8))), splices);
    }

    /// <summary>The splices that make the frame carry another text; false when it cannot hold that.</summary>
    /// <param name="stream">What the frame stands in.</param>
    /// <param name="text">The new text.</param>
    /// <param name="splices">Gets the splices, ascending.</param>
    protected abstract bool TryReplace(ReadOnlySpan<byte> stream, ReadOnlyMemory<byte> text, List<ByteSplice> splices);
}

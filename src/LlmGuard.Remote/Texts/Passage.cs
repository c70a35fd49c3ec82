namespace LlmGuard.Remote.Texts;

/// <summary>A text as it is put before a judge: a window of one segment, or several texts with line breaks between them.</summary>
internal sealed class Passage
{
    private readonly PassagePart[] _parts;

    public Passage(ReadOnlyMemory<byte> utf8, params PassagePart[] parts)
    {
        Utf8 = utf8;
        _parts = parts;
    }

    /// <summary>The text, valid UTF-8. As long-lived as the content it came from.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The segment of the first byte.</summary>
    public Segment First => _parts[0].Segment;

    /// <summary>The pieces of segments it was made of, in order.</summary>
    public IReadOnlyList<PassagePart> Parts => _parts;

    /// <summary>Where a span of the passage lies in the content, exactly; separators lie nowhere.</summary>
    /// <param name="span">A span of <see cref="Utf8"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span lies outside the passage.</exception>
    public IEnumerable<(Segment Segment, TextSpan Span)> Map(TextSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(span.Start, nameof(span));
        ArgumentOutOfRangeException.ThrowIfNegative(span.Length, nameof(span));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span.Start, Utf8.Length, nameof(span));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span.Length, Utf8.Length - span.Start, nameof(span));
        return Pieces(span);
    }

    private IEnumerable<(Segment Segment, TextSpan Span)> Pieces(TextSpan span)
    {
        foreach (var part in _parts)
        {
            var start = Math.Max(span.Start, part.Start);
            var end = Math.Min(span.End, part.Start + part.Length);
            if (end > start)
            {
                yield return (part.Segment, new TextSpan(start - part.Start + part.SegmentStart, end - start));
            }
        }
    }
}

/// <summary>A piece of a segment within a <see cref="Passage"/>.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="SegmentStart">First byte within the segment.</param>
/// <param name="Start">First byte within the passage.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct PassagePart(Segment Segment, int SegmentStart, int Start, int Length);

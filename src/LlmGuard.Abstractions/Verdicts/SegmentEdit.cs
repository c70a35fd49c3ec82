namespace LlmGuard;

/// <summary>A span of a segment and what it becomes.</summary>
/// <param name="Segment">The <see cref="LlmGuard.Segment.Index"/>.</param>
/// <param name="Span">A non-empty span of the segment's UTF-8 that cuts no code point.</param>
/// <param name="Replacement">What it becomes.</param>
public readonly record struct SegmentEdit(int Segment, TextSpan Span, Replacement Replacement);

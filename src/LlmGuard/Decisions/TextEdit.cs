namespace LlmGuard;

/// <summary>A change to the text of a segment, merged over all entries and rendered.</summary>
/// <param name="Segment">The <see cref="LlmGuard.Segment.Index"/> in the content that was evaluated.</param>
/// <param name="Span">The span of the original UTF-8 that is replaced.</param>
/// <param name="Utf8">What it becomes, as valid UTF-8.</param>
public readonly record struct TextEdit(int Segment, TextSpan Span, ReadOnlyMemory<byte> Utf8);

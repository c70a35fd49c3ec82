namespace LlmGuard.Execution.Edits;

/// <summary>An edit after overlapping ones have become one.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Span">The span, of all the edits it stands for.</param>
/// <param name="Replacement">The strictest of their replacements.</param>
/// <param name="IsUnion">Whether it stands for different edits, so that nothing that depends on the original's length or parts applies.</param>
internal readonly record struct MergedEdit(int Segment, TextSpan Span, Replacement Replacement, bool IsUnion)
{
    /// <summary>Whether it is a union that is longer than <see cref="EditMerge.LongestUnion"/>.</summary>
    public bool IsLong { get; init; }
}

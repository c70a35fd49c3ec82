namespace LlmGuard;

/// <summary>Where in a conversation a segment stands. Every index is zero-based; -1 means "does not apply".</summary>
/// <remarks><c>new SegmentPosition()</c> is, as for every struct, all zeros; <see cref="None"/> is all -1.</remarks>
/// <param name="Message">Index of the message or input item.</param>
/// <param name="Part">Index of the content part within the message.</param>
/// <param name="Choice">Index of the choice of a response.</param>
/// <param name="Block">Index of the content block or output item of a response.</param>
public readonly record struct SegmentPosition(int Message = -1, int Part = -1, int Choice = -1, int Block = -1)
{
    /// <summary>A position about which nothing is known.</summary>
    public static SegmentPosition None { get; } = new(-1, -1, -1, -1);
}

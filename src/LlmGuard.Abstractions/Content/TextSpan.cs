namespace LlmGuard;

/// <summary>A run of bytes in the UTF-8 text of a segment.</summary>
/// <param name="Start">Offset of the first byte, from 0.</param>
/// <param name="Length">Number of bytes, from 0.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Offset of the byte after the last one.</summary>
    public int End => Start + Length;

    /// <summary>Whether the two share at least one byte; an empty span shares none.</summary>
    /// <param name="other">The other span.</param>
    public bool Overlaps(TextSpan other) => Length > 0 && other.Length > 0 && Start < other.End && other.Start < End;
}

namespace LlmGuard.Remote.Texts;

/// <summary>How much text a provider takes in one piece.</summary>
internal sealed record TextLimit
{
    /// <param name="unit">What is counted.</param>
    /// <param name="max">Most units of a piece; at least 64.</param>
    /// <param name="overlap">
    /// Units that neighbouring pieces share at least, at most a quarter of <paramref name="max"/>: whatever is not longer than this lies whole in
    /// some piece, wherever the text is cut.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public TextLimit(TextUnit unit, int max, int overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 64);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlap, max / 4);
        (Unit, Max, Overlap) = (unit, max, overlap);
    }

    public TextUnit Unit { get; }

    public int Max { get; }

    public int Overlap { get; }
}

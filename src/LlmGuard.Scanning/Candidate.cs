namespace LlmGuard.Scanning;

/// <summary>What one rule matches, before overlaps are settled. Offsets count from the start of the text, however little of it is at hand.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">The byte after the last one.</param>
/// <param name="Rule">Number of the rule within its plan; lower ones have the stronger claim.</param>
/// <param name="IsTail">Whether this continues a match of the same rule that was longer than one piece may be.</param>
/// <param name="IsClipped">Whether the match started earlier, in text that was released.</param>
/// <param name="Confidence">How sure the rule is, in percent.</param>
internal readonly record struct Candidate(long Start, long End, int Rule, bool IsTail = false, bool IsClipped = false, byte Confidence = 100)
    : IComparable<Candidate>
{
    /// <summary>By start; then the stronger claim, the clipped, and the longer first.</summary>
    public int CompareTo(Candidate other)
    {
        var order = Start.CompareTo(other.Start);
        order = order != 0 ? order : Rule.CompareTo(other.Rule);
        order = order != 0 ? order : other.IsClipped.CompareTo(IsClipped);
        return order != 0 ? order : other.End.CompareTo(End);
    }
}

namespace LlmGuard.Scanning.Patterns;

/// <summary>
/// Where the fingerprints of a group stand in a text that is there as a whole: found for all patterns by the first that asks. A text that comes in
/// pieces is asked for by each pattern itself, since what is held back would be looked through again with every piece. Holds offsets only; for one
/// thread at a time.
/// </summary>
internal sealed class PatternCandidates(PatternGroup group)
{
    private readonly List<int> _offsets = [];
    private readonly List<ulong> _patterns = [];

    /// <summary>Whether the places are known.</summary>
    public bool AreFound { get; private set; }

    /// <summary>Turns to a window.</summary>
    public void Read(in ScanWindow window)
    {
        _offsets.Clear();
        _patterns.Clear();
        AreFound = window.IsEnd && window.Origin == 0 && group.TryFind(window.Bytes, _offsets, _patterns);
    }

    /// <summary>The first place from an offset on at which the fingerprint of a pattern stands.</summary>
    /// <param name="number">The pattern's number in the group.</param>
    /// <param name="at">The offset.</param>
    /// <param name="from">How many places stand before all that this pattern will still ask for; kept by the caller, 0 at first.</param>
    /// <returns>The place, or <see cref="int.MaxValue"/>.</returns>
    public int Next(int number, int at, ref int from)
    {
        for (; from < _offsets.Count; from++)
        {
            if (_offsets[from] >= at && (_patterns[from] >> number & 1) != 0)
            {
                return _offsets[from];
            }
        }

        return int.MaxValue;
    }
}

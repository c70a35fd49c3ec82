namespace LlmGuard.Scanning.Patterns;

/// <summary>
/// Finds the matches of one pattern in texts that are there as a whole, so that no match is too long to be reported as one. For one thread at a time.
/// </summary>
internal sealed class PatternSearch(PatternProgram program)
{
    /// <summary>Most matches that something kept for the next text may have room for.</summary>
    public const int LargestKept = 4096;

    private readonly PatternRun _run = new(program, rule: 0, maxPiece: int.MaxValue);
    private readonly List<Candidate> _found = [];

    /// <summary>Whether a text with very many matches has left it too large to be kept.</summary>
    public bool IsOversized => _found.Capacity > LargestKept;

    /// <summary>Steps of the last search: the measure of work that tests hold to a linear bound.</summary>
    public long Steps => _run.Steps;

    /// <summary>Finds all matches.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <returns>The matches in ascending order, not overlapping and not empty; valid until the next search.</returns>
    /// <exception cref="ScanBoundException">The text cannot be judged within bounds.</exception>
    public List<Candidate> Find(ReadOnlySpan<byte> utf8)
    {
        _found.Clear();
        _run.Reset();
        _run.Find(new ScanWindow(utf8, context: 0, origin: 0, isEnd: true), _found);
        return _found;
    }
}

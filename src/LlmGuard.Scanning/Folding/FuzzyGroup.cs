namespace LlmGuard.Scanning.Folding;

/// <summary>The patterns of one length, with their masks side by side.</summary>
internal sealed class FuzzyGroup
{
    private readonly uint[] _masks;
    private readonly FuzzyPattern[] _patterns;

    public FuzzyGroup(int length, FuzzyPattern[] patterns, Func<int, bool> hasSlack, Func<int, bool> begins)
    {
        Length = length;
        _patterns = patterns;
        _masks = [.. patterns.Select(p => p.Mask)];
        HasSlack = patterns.Any(p => hasSlack(p.Word));
        Begins = patterns.Any(p => begins(p.Word));
    }

    /// <summary>Length of each pattern in code points.</summary>
    public int Length { get; }

    /// <summary>Whether any of the words may differ by one edit within a phrase.</summary>
    public bool HasSlack { get; }

    /// <summary>Whether any of the words is a keyword or begins one.</summary>
    public bool Begins { get; }

    /// <summary>The patterns and, in the same order, their masks.</summary>
    public ReadOnlySpan<FuzzyPattern> Patterns => _patterns;

    /// <summary>Which characters occur in each pattern, see <see cref="WordReader.Bit"/>.</summary>
    public ReadOnlySpan<uint> Masks => _masks;
}

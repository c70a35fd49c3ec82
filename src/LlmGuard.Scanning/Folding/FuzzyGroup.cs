namespace LlmGuard.Scanning.Folding;

/// <summary>The patterns of one length, with their masks side by side.</summary>
internal sealed class FuzzyGroup
{
    private readonly uint[] _masks;
    private readonly FuzzyPattern[] _patterns;

    public FuzzyGroup(int length, FuzzyPattern[] patterns, Func<int, bool> hasSlack)
    {
        Length = length;
        _patterns = patterns;
        _masks = [.. patterns.Select(p => p.Mask)];
        HasSlack = patterns.Any(p => hasSlack(p.Word));
    }

    /// <summary>Length of each pattern in code points.</summary>
    public int Length { get; }

    /// <summary>Whether any of the words may differ by one edit within a phrase.</summary>
    public bool HasSlack { get; }

    /// <summary>The patterns and, in the same order, their masks.</summary>
    public ReadOnlySpan<FuzzyPattern> Patterns => _patterns;

    /// <summary>Which characters occur in each pattern, see <see cref="WordReader.Bit"/>.</summary>
    public ReadOnlySpan<uint> Masks => _masks;
}

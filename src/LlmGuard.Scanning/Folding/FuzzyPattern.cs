namespace LlmGuard.Scanning.Folding;

/// <summary>One spelling of one word of the keywords.</summary>
/// <param name="Word">The word's number.</param>
/// <param name="CodePoints">The folded spelling.</param>
/// <param name="Mask">Which characters occur, see <see cref="WordReader.Bit"/>.</param>
internal sealed record FuzzyPattern(int Word, int[] CodePoints, uint Mask)
{
    /// <summary>Makes the pattern of a folded word.</summary>
    public static FuzzyPattern Create(int word, string folded)
    {
        int[] codePoints = [.. folded.EnumerateRunes().Select(r => r.Value)];
        return new FuzzyPattern(word, codePoints, codePoints.Aggregate(0u, (mask, codePoint) => mask | WordReader.Bit(codePoint)));
    }
}

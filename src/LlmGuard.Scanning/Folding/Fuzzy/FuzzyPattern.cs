namespace LlmGuard.Scanning.Folding.Fuzzy;

/// <summary>One spelling of one word of the keywords.</summary>
/// <param name="Word">The word's number.</param>
/// <param name="CodePoints">The folded spelling.</param>
/// <param name="Mask">Which characters occur, see <see cref="WordReader.Bit"/>.</param>
internal sealed record FuzzyPattern(int Word, int[] CodePoints, uint Mask)
{
    /// <summary>How many code points a text has.</summary>
    public static int CodePointsIn(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>Makes the pattern of a folded word.</summary>
    public static FuzzyPattern Create(int word, string folded)
    {
        var (codePoints, count, mask) = (new int[CodePointsIn(folded)], 0, 0u);
        foreach (var rune in folded.EnumerateRunes())
        {
            mask |= WordReader.Bit(rune.Value);
            codePoints[count++] = rune.Value;
        }

        return new FuzzyPattern(word, codePoints, mask);
    }
}

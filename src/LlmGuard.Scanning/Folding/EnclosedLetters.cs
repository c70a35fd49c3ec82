namespace LlmGuard.Scanning.Folding;

/// <summary>Runs of code points that are the ASCII letters or digits in another shape: full-width, mathematical, circled, squared, flags.</summary>
internal static class EnclosedLetters
{
    private static readonly (int First, int Last, char Target)[] Runs =
    [
        (0x249C, 0x24B5, 'a'), // parenthesized
        (0x24B6, 0x24CF, 'a'), // circled capitals
        (0x24D0, 0x24E9, 'a'), // circled small letters
        (0x24F5, 0x24FD, '1'), // double circled digits
        (0x2776, 0x277E, '1'), // negative circled digits
        (0x2780, 0x2788, '1'), // circled sans-serif digits
        (0x278A, 0x2792, '1'), // negative circled sans-serif digits
        (0xFF01, 0xFF5E, '!'), // full-width ASCII
        (0x1F101, 0x1F10A, '0'), // digits with a comma
        (0x1F110, 0x1F129, 'a'), // parenthesized capitals
        (0x1F130, 0x1F149, 'a'), // squared capitals
        (0x1F150, 0x1F169, 'a'), // negative circled capitals
        (0x1F170, 0x1F189, 'a'), // negative squared capitals
        (0x1F1E6, 0x1F1FF, 'a'), // regional indicators
    ];

    /// <summary>The ASCII character, not yet in lower case, or 0 when there is none.</summary>
    public static int Find(int codePoint)
    {
        if (codePoint is >= 0x1D400 and <= 0x1D6A3)
        {
            // Mathematical alphabets follow one another, 26 capitals and 26 small letters each; holes are unassigned.
            return 'a' + ((codePoint - 0x1D400) % 26);
        }

        if (codePoint is 0x24EA or 0x24FF)
        {
            return '0';
        }

        foreach (var (first, last, target) in Runs)
        {
            if (codePoint >= first && codePoint <= last)
            {
                return target + codePoint - first;
            }
        }

        return 0;
    }
}

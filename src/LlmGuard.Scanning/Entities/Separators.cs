namespace LlmGuard.Scanning.Entities;

/// <summary>What people write between the groups of a long number.</summary>
internal static class Separators
{
    /// <summary>
    /// The length of the space, hyphen or dash at an offset, in ASCII or not, or of one of some other ASCII characters; 0 when there is none.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where to look.</param>
    /// <param name="others">Other ASCII characters that count.</param>
    public static int LengthAt(ref ScanText text, int at, ReadOnlySpan<byte> others)
    {
        var first = text[at];
        return first switch
        {
            ' ' or '-' => 1,
            < 0 => 0,
            < 0x80 => IsOneOf(first, others) ? 1 : 0,
            0xC2 => text[at + 1] is 0xA0 or 0xAD ? 2 : 0,
            0xE2 => LengthOfPunctuation(ref text, at),
            _ => 0,
        };
    }

    /// <summary>Whether a byte may be a separator or a part of one.</summary>
    /// <param name="b">The byte.</param>
    /// <param name="others">Other ASCII characters that count.</param>
    public static bool IsPart(int b, ReadOnlySpan<byte> others) => b is ' ' or '-' or >= 0x80 || others.Contains((byte)b);

    // One or two: too few for a search.
    private static bool IsOneOf(int b, ReadOnlySpan<byte> others)
    {
        foreach (var other in others)
        {
            if (b == other)
            {
                return true;
            }
        }

        return false;
    }

    // Typographic spaces, zero-width characters, hyphens and dashes (U+2000 to U+2015), narrow no-break space, word joiner, minus.
    private static int LengthOfPunctuation(ref ScanText text, int at) => (text[at + 1], text[at + 2]) switch
    {
        (0x80, (>= 0x80 and <= 0x95) or 0xAF) or (0x81, 0xA0) or (0x88, 0x92) => 3,
        _ => 0,
    };
}

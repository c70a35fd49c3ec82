namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>Tells letters that follow each other as in words from letters drawn at random.</summary>
internal static class WordPairs
{
    // For each letter the set of those that often follow it in the words of prose and of programs, bit 0 for an a: 19 of 20 pairs of words are
    // among them, and of pairs drawn at random 4 of 10.
    private static ReadOnlySpan<uint> After =>
    [
        0x17EBD6F, 0x0164911, 0x01E4D95, 0x0164919, 0x1EEB97F, 0x01A4931, 0x01669D1, 0x00A4111, 0x22EFC7F, 0x0000010, 0x0040111, 0x11C4919, 0x014D113,
        0x03C6D7D, 0x07EFD6F, 0x01EC991, 0x0100000, 0x13EFD5D, 0x15CCD95, 0x11EC995, 0x01EB95F, 0x0004111, 0x0066191, 0x0088010, 0x0048000, 0x0000011,
    ];

    /// <summary>
    /// Whether of the pairs of letters in it at least three of five are such as words have. Where there are fewer than five pairs nothing can be
    /// told, which counts as a word.
    /// </summary>
    public static bool AreOfWords(ReadOnlySpan<byte> value)
    {
        var (pairs, common) = (0, 0);
        for (var i = 1; i < value.Length; i++)
        {
            if (AsciiByte.IsLetter(value[i]) && AsciiByte.IsLetter(value[i - 1]))
            {
                pairs++;
                common += (int)(After[(value[i - 1] | 0x20) - 'a'] >> ((value[i] | 0x20) - 'a')) & 1;
            }
        }

        return pairs < 5 || common * 5 >= pairs * 3;
    }
}

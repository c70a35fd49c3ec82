namespace LlmGuard.Scanning.Prefilter;

/// <summary>How rare bytes are in text, roughly: what a filter should look at.</summary>
internal static class ByteRarity
{
    // Letters by how often they are met in English, in 1/10,000 of all bytes.
    private static readonly int[] Letters =
        [650, 120, 220, 340, 1020, 180, 160, 490, 560, 12, 62, 320, 190, 560, 600, 155, 8, 480, 510, 725, 220, 80, 190, 14, 160, 6];

    /// <summary>Where in a text the rarest window begins.</summary>
    public static int RarestWindow(ReadOnlySpan<byte> text, int length)
    {
        var (best, least) = (0, double.MaxValue);
        for (var at = 0; at <= text.Length - length; at++)
        {
            var frequency = 1.0;
            foreach (var value in text.Slice(at, length))
            {
                frequency *= Frequency(AsciiByte.IsUpper(value) ? (byte)(value | 0x20) : value);
            }

            if (frequency < least)
            {
                (best, least) = (at, frequency);
            }
        }

        return best;
    }

    /// <summary>How often a byte is met, capitals and all, in 1/10,000 of all bytes.</summary>
    public static int Frequency(byte value) =>
        AsciiByte.IsLower(value) ? Letters[value - 'a'] : AsciiByte.IsUpper(value) ? Math.Max(1, Letters[(value | 0x20) - 'a'] / 12)
        : value == ' ' ? 1700 : AsciiByte.IsDigit(value) ? 40 : value >= 0x80 ? 4 : 20;
}

namespace LlmGuard.Scanning.Entities;

/// <summary>The country calling codes of ITU-T E.164.</summary>
internal static class CallingCodes
{
    // Codes of two digits; every other code has three, but for 1 and 7.
    private static ReadOnlySpan<byte> TwoDigits =>
    [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66,
        81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ];

    /// <summary>Whether digits start with an assigned code.</summary>
    public static bool Start(ReadOnlySpan<byte> digits)
    {
        if (digits.Length < 3)
        {
            return false;
        }

        var first = digits[0];
        var two = (first * 10) + digits[1];
        return first is 1 or 7 || TwoDigits.Contains((byte)two)
            || two is 21 or 22 or 23 or 24 or 25 or 26 or 29 or 35 or 37 or 38 or 42 or 50 or 59 or 67 or 68 or 69 or 80 or 85 or 87 or 88 or 96 or 97 or 99;
    }
}

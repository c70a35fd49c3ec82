namespace LlmGuard.Scanning.Entities.Cards;

/// <summary>Which digits are those of a payment card.</summary>
internal static class CardNumbers
{
    // Of this length are the numbers on goods, and cards only of a kind that is no longer issued.
    private const int EuropeanArticle = 13;

    /// <summary>Whether an issuer has numbers that begin so, and the check digit is right.</summary>
    /// <param name="digits">At least four digits, as numbers from 0 to 9.</param>
    public static bool AreIssued(ReadOnlySpan<byte> digits) => HaveIssuer(digits) && PassLuhn(digits);

    private static bool HaveIssuer(ReadOnlySpan<byte> digits) => digits.ContainsAnyExcept(digits[0]) && (digits[0], digits[1]) switch
    {
        (4, _) => true,
        (5, >= 1 and <= 5) => digits.Length == 16,
        (5 or 6, _) => digits.Length != EuropeanArticle,
        (3, 4 or 7) => digits.Length == 15,
        (3, 0 or 5 or 6 or 8 or 9) => true,
        (2, _) => ((digits[0] * 1000) + (digits[1] * 100) + (digits[2] * 10) + digits[3]) is (>= 2200 and <= 2204) or (>= 2221 and <= 2720),
        _ => false,
    };

    private static bool PassLuhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (int)digits[digits.Length - 1 - i];
            var doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0;
    }
}

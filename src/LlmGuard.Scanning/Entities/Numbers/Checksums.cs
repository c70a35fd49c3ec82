namespace LlmGuard.Scanning.Entities.Numbers;

/// <summary>The check digit systems that many kinds of number share. All take ASCII characters.</summary>
internal static class Checksums
{
    private static ReadOnlySpan<byte> VerhoeffProduct =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 0, 6, 7, 8, 9, 5, 2, 3, 4, 0, 1, 7,
            8, 9, 5, 6, 3, 4, 0, 1, 2, 8, 9, 5, 6, 7, 4, 0, 1, 2, 3, 9, 5, 6, 7, 8,
        5, 9, 8, 7, 6, 0, 4, 3, 2, 1, 6, 5, 9, 8, 7, 1, 0, 4, 3, 2, 7, 6, 5, 9, 8, 2,
            1, 0, 4, 3, 8, 7, 6, 5, 9, 3, 2, 1, 0, 4, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ];

    private static ReadOnlySpan<byte> VerhoeffPermutation =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 5, 7, 6, 2, 8, 3, 0, 9, 4, 5, 8, 0, 3, 7, 9, 6, 1, 4, 2, 8, 9, 1, 6, 0, 4, 3, 5, 2, 7,
        9, 4, 5, 3, 1, 2, 6, 8, 7, 0, 4, 2, 8, 6, 5, 7, 3, 9, 0, 1, 2, 7, 9, 3, 8, 0, 6, 4, 1, 5, 7, 0, 4, 6, 9, 1, 3, 2, 5, 8,
    ];

    /// <summary>The value of a digit, or of a letter from 10 on.</summary>
    public static int Value(byte character) => AsciiByte.IsDigit(character) ? character - '0' : (character & 0xDF) - 'A' + 10;

    /// <summary>ISO/IEC 7812: every second digit from the right is doubled.</summary>
    public static bool Luhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? (digit * 2) - 9 : digit * 2;
        }

        return sum % 10 == 0;
    }

    /// <summary>The sum of the first digits, each times its weight.</summary>
    public static int Sum(ReadOnlySpan<byte> digits, ReadOnlySpan<sbyte> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += (digits[i] - '0') * weights[i];
        }

        return sum;
    }

    /// <summary>The remainder of a number of any length.</summary>
    public static int Remainder(ReadOnlySpan<byte> digits, int modulus)
    {
        var remainder = 0L;
        foreach (var digit in digits)
        {
            remainder = ((remainder * 10) + digit - '0') % modulus;
        }

        return (int)remainder;
    }

    /// <summary>ISO 7064 MOD 11,10.</summary>
    public static bool Mod11And10(ReadOnlySpan<byte> digits)
    {
        var check = 5;
        foreach (var digit in digits)
        {
            check = ((((check == 0 ? 10 : check) * 2) % 11) + digit - '0') % 10;
        }

        return check == 1;
    }

    /// <summary>ISO 7064 MOD 97-10 of a number whose letters count from 10 on.</summary>
    public static int Mod97(ReadOnlySpan<byte> characters)
    {
        var remainder = 0;
        foreach (var b in characters)
        {
            remainder = AsciiByte.IsDigit(b) ? ((remainder * 10) + b - '0') % 97 : ((remainder * 100) + Value(b)) % 97;
        }

        return remainder;
    }

    /// <summary>Verhoeff's scheme.</summary>
    public static bool Verhoeff(ReadOnlySpan<byte> digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            check = VerhoeffProduct[(check * 10) + VerhoeffPermutation[(i % 8 * 10) + digits[digits.Length - 1 - i] - '0']];
        }

        return check == 0;
    }

    /// <summary>Whether two digits each are a month and a day.</summary>
    public static bool IsDay(ReadOnlySpan<byte> month, ReadOnlySpan<byte> day) => Two(month) is >= 1 and <= 12 && Two(day) is >= 1 and <= 31;

    /// <summary>Two digits as a number.</summary>
    public static int Two(ReadOnlySpan<byte> digits) => ((digits[0] - '0') * 10) + digits[1] - '0';

    /// <summary>Whether all characters are the same.</summary>
    public static bool IsUniform(ReadOnlySpan<byte> characters) => !characters.ContainsAnyExcept(characters[0]);
}

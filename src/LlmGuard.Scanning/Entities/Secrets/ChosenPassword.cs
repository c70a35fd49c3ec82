using System.Buffers;

namespace LlmGuard.Scanning.Entities.Secrets;

/// <summary>
/// Tells the passwords that people make up (<c>R0te&amp;Ziege</c>, <c>tK-88-robot</c>) from the words, names and versions that stand in the same
/// places.
/// </summary>
internal static class ChosenPassword
{
    private const int Shortest = 6;
    private const int Longest = 64;

    private static readonly SearchValues<byte> NoPassword = SearchValues.Create(" ,;/\\<>()[]{}\"'`|="u8);

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF-:"u8);

    /// <summary>Whether it looks like one. Where little speaks for a password around it, one sign of it is not enough.</summary>
    /// <param name="value">The value.</param>
    /// <param name="isExpected">Whether a password is what stands there: after a user's name, in an option, as a password of said encryption.</param>
    public static bool Is(ReadOnlySpan<byte> value, bool isExpected)
    {
        if (value.Length is < Shortest or > Longest || value.ContainsAny(NoPassword) || SecretValues.IsSample(value)
            || !value.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        var (letters, uppers, groups, single, inner) = (0, 0, 0, 0, 0);
        for (var i = 0; i < value.Length; i++)
        {
            var b = value[i];
            letters += AsciiByte.IsLetter(b) ? 1 : 0;
            uppers += AsciiByte.IsUpper(b) ? 1 : 0;
            groups += AsciiByte.IsDigit(b) && (i == 0 || !AsciiByte.IsDigit(value[i - 1])) ? 1 : 0;
            var isWithin = i > 0 && i + 1 < value.Length && AsciiByte.IsAlphanumeric(value[i - 1]) && AsciiByte.IsAlphanumeric(value[i + 1]);
            inner += isWithin && IsSign(b) ? 1 : 0;

            // One digit in the place of a letter.
            single += isWithin && AsciiByte.IsDigit(b) && AsciiByte.IsLetter(value[i - 1]) && AsciiByte.IsLetter(value[i + 1]) ? 1 : 0;
        }

        if (letters < 3)
        {
            return false;
        }

        var isMixed = uppers > 0 && uppers < letters;
        return (inner > 0 && (groups > 0 || isMixed)) || (single > 0 && groups > 1) || (single > 0 && isMixed)
            || (isExpected && (inner + single > 0 || (isMixed && groups > 0)));
    }

    /// <summary>Whether it may be one where by the grammar of a command or a table nothing but a password can stand: letters and a digit.</summary>
    public static bool Fits(ReadOnlySpan<byte> value)
    {
        if (value.Length is < Shortest or > Longest || value.ContainsAny(NoPassword) || SecretValues.IsSample(value)
            || !value.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        var shape = ValueShape.Of(value);
        return shape.Digits > 0 && shape.Uppers + shape.Lowers >= 2 && !shape.IsRepetitive;
    }

    private static bool IsSign(byte b) =>
        b is (byte)'!' or (byte)'#' or (byte)'$' or (byte)'%' or (byte)'^' or (byte)'&' or (byte)'~' or (byte)'*' or (byte)'+' or (byte)'?';
}

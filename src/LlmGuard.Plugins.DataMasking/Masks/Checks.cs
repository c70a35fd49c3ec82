namespace LlmGuard.Plugins.DataMasking.Masks;

/// <summary>The check digits that a made-up value must not get right.</summary>
internal static class Checks
{
    public static bool IsLuhn(string text)
    {
        var (sum, isDoubled) = (0, false);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            var values = char.IsAsciiDigit(text[i]) ? text[i] - '0' : char.IsAsciiLetter(text[i]) ? (text[i] | 0x20) - 'a' + 10 : -1;
            for (; values >= 0; values = values >= 10 ? values / 10 : -1)
            {
                var digit = values % 10 * (isDoubled ? 2 : 1);
                sum += digit > 9 ? digit - 9 : digit;
                isDoubled = !isDoubled;
            }
        }

        return sum % 10 == 0;
    }

    public static bool IsMod97(string text)
    {
        var compact = string.Concat(text.Where(char.IsAsciiLetterOrDigit));
        if (compact.Length < 5)
        {
            return false;
        }

        var rest = 0;
        foreach (var c in compact[4..] + compact[..4])
        {
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + (c - '0')) % 97 : ((rest * 100) + ((c | 0x20) - 'a' + 10)) % 97;
        }

        return rest == 1;
    }
}

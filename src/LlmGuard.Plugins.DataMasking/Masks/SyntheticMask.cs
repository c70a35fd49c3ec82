using System.Text;

namespace LlmGuard.Plugins.DataMasking.Masks;

/// <summary>
/// A made-up value of the same form: letters for letters, digits for digits, everything else as it stands. The same value gives the same one within
/// a conversation, and another in the next. Where a form has values that cannot be anybody's, it is one of those.
/// </summary>
/// <param name="key">Nobody without it can tell the original.</param>
/// <param name="type">The entity, or any other name of what is masked.</param>
internal sealed class SyntheticMask(byte[] key, string type)
{
    private readonly byte[] _salt = Encoding.UTF8.GetBytes(type + "\n");

    public string Render(ReadOnlySpan<byte> original, ReadOnlySpan<byte> conversation)
    {
        var text = Encoding.UTF8.GetString(original);
        var random = new KeyedBytes(key, [.. _salt, .. conversation, .. original]);
        var made = type switch
        {
            "email" => Refill(text[..Math.Max(0, text.LastIndexOf('@'))], ref random) + "@example.com",
            "ip_address" => $"203.0.113.{1 + random.Below(254)}",
            "ip6_address" => $"2001:db8::{random.Below(0xFFFF):x}:{1 + random.Below(0xFFFE):x}",
            "uuid" or "mac_address" or "device_mac" => Refill(text, ref random, isHexadecimal: true),
            "ssn" => Unissued(Refill(text, ref random)),
            "date" or "date_of_birth" => Date(text, ref random),
            "credit_card" or "device_imei" or "isin" => Broken(Refill(text, ref random), Checks.IsLuhn),
            "iban" or "spanish_iban" =>
                Broken(text[..Math.Min(2, text.Length)] + Refill(text[Math.Min(2, text.Length)..], ref random), Checks.IsMod97),
            _ => Refill(text, ref random),
        };

        return made == text ? Refill(text + " ", ref random)[..^1] : made;
    }

    private static string Refill(string text, ref KeyedBytes random, bool isHexadecimal = false)
    {
        var made = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsDigit(rune))
            {
                made.Append((char)('0' + random.Below(10)));
            }
            else if (Rune.IsLetter(rune))
            {
                made.Append((char)((Rune.IsUpper(rune) ? 'A' : 'a') + random.Below(isHexadecimal ? 6 : 26)));
            }
            else
            {
                made.Append(rune.ToString());
            }
        }

        return made.ToString();
    }

    // No number that begins with 666 was ever issued.
    private static string Unissued(string number)
    {
        var made = number.ToCharArray();
        var replaced = 0;
        for (var i = 0; i < made.Length && replaced < 3; i++)
        {
            if (char.IsAsciiDigit(made[i]))
            {
                made[i] = '6';
                replaced++;
            }
        }

        return new string(made);
    }

    private static string Date(string text, ref KeyedBytes random)
    {
        if (text.Any(char.IsLetter))
        {
            return $"{1950 + random.Below(50)}-{1 + random.Below(12):00}-{1 + random.Below(28):00}";
        }

        var made = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var digits = text.AsSpan(i).IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? text.Length - i : digits;
            made.Append(digits switch
            {
                0 => text[i].ToString(),
                1 => $"{1 + random.Below(9)}",
                2 => $"{1 + random.Below(12):00}",
                4 => $"{1950 + random.Below(50)}",
                _ => Refill(text.Substring(i, digits), ref random),
            });
            i += Math.Max(1, digits);
        }

        return made.ToString();
    }

    /// <summary>A number whose check digits are wrong, so that no system takes it for a real one.</summary>
    private static string Broken(string number, Func<string, bool> isRight)
    {
        if (!isRight(number))
        {
            return number;
        }

        var last = number.AsSpan().LastIndexOfAnyInRange('0', '9');
        return last < 0 ? number : $"{number[..last]}{(char)('0' + ((number[last] - '0' + 1) % 10))}{number[(last + 1)..]}";
    }
}

using System.Text;
using LlmGuard.Scanning.Entities.Numbers;

namespace LlmGuard.Scanning.Tests.Entities;

/// <summary>Makes values that are valid by a layout and a check.</summary>
internal static class Generated
{
    private const string Digits = "0123456789";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>A value that the check takes, or null when none was met in many tries.</summary>
    public static string? Number(string layout, NumberFormat format, Random random)
    {
        for (var tries = 0; tries < 200_000; tries++)
        {
            var value = string.Concat(layout.Select(c => c switch
            {
                '9' => Digits[random.Next(10)],
                'A' => Letters[random.Next(26)],
                'X' => (Digits + Letters)[random.Next(36)],
                _ => c,
            }));
            if (IsRight(format, value))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Whether the format takes a value, whatever stands around it.</summary>
    public static bool IsRight(NumberFormat format, string value)
    {
        var characters = Encoding.ASCII.GetBytes(string.Concat(value.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant());
        return format.Passes(characters);
    }

    /// <summary>A text by the pattern of a credential.</summary>
    public static string Key(string pattern, Random random)
    {
        var text = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] != '{')
            {
                text.Append(pattern[at]);
                continue;
            }

            var close = pattern.IndexOf('}', at);
            var alphabet = pattern[at + 1] switch
            {
                'n' => Digits,
                'x' => Digits + "abcdef",
                'h' => Digits + "abcdefABCDEF",
                'l' => Digits + Letters.ToLowerInvariant(),
                'U' => Digits + Letters,
                _ => Digits + Letters + Letters.ToLowerInvariant(),
            };
            var count = int.Parse(pattern[(at + 2)..close].Split('-')[0].TrimEnd('+'), System.Globalization.CultureInfo.InvariantCulture);
            for (var i = 0; i < count; i++)
            {
                // Every other one a digit or a letter, so that mixed formats are.
                text.Append(i == 0 && count > 4 && alphabet.Length > 10 ? alphabet[10 + random.Next(6)] : i == 1 && count > 4
                    ? alphabet[2 + random.Next(8)] : alphabet[random.Next(alphabet.Length)]);
            }

            at = close;
        }

        return text.ToString();
    }
}

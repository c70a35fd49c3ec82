using System.Text;

namespace LlmGuard.Scanning.Entities.Secrets.Keys;

/// <summary>
/// Tokens of Telegram bots: the bot's number, a colon, and 35 characters from an A on. Old numbers are short, so a name must say whose it is.
/// </summary>
internal static class TelegramToken
{
    private const int ShortestNumber = 5;
    private const int LongestNumber = 16;
    private const int SecretLength = 35;

    /// <summary>Whether a value is one by its shape and by its name, which stands before it on the same line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the value starts.</param>
    /// <param name="end">Where it ends.</param>
    public static bool IsNamed(ReadOnlySpan<byte> text, int start, int end)
    {
        var value = text[start..end];
        var number = value.Length - SecretLength - 1;
        if (number is < ShortestNumber or > LongestNumber || value[number] != ':' || value[number + 1] != 'A'
            || value[..number].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        foreach (var b in value[(number + 1)..])
        {
            if (!AsciiByte.IsAlphanumeric(b) && b is not ((byte)'_' or (byte)'-'))
            {
                return false;
            }
        }

        var before = text[Math.Max(0, start - Detector.Left)..start];
        before = before[(before.LastIndexOf((byte)'\n') + 1)..];
        Span<byte> name = stackalloc byte[Detector.Left];
        Ascii.ToLower(before, name, out var length);
        return name[..length].IndexOf("telegr"u8) >= 0;
    }
}

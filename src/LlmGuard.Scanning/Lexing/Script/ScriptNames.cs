using System.Globalization;
using System.Text;

namespace LlmGuard.Scanning.Lexing.Script;

/// <summary>Names of JavaScript, in which letters may stand as escapes: <c>\u0065val</c> and <c>\u{65}val</c> are <c>eval</c>.</summary>
internal static class ScriptNames
{
    /// <summary>Digits in braces that are read. Code points have six; zeros before them are allowed.</summary>
    private const int MostDigits = 16;

    /// <summary>The offset after a name that begins at an offset; the offset itself when none does.</summary>
    public static int End(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length)
        {
            if (AsciiByte.IsAlphanumeric(text[at]) || text[at] is (byte)'_' or (byte)'$' or >= 0x80)
            {
                at++;
            }
            else if (EscapeLength(text, at, out _) is > 0 and var length)
            {
                at += length;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    /// <summary>Writes a name with its escapes resolved.</summary>
    /// <param name="name">The name.</param>
    /// <param name="target">Receives it.</param>
    /// <returns>How many bytes it has; -1 when the target is too short.</returns>
    public static int Resolve(ReadOnlySpan<byte> name, Span<byte> target)
    {
        var count = 0;
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = 0; at < name.Length;)
        {
            var length = EscapeLength(name, at, out var letter);
            var bytes = length > 0 ? utf8[..letter.EncodeToUtf8(utf8)] : utf8[..1];
            utf8[0] = length > 0 ? utf8[0] : name[at];
            if (count + bytes.Length > target.Length)
            {
                return -1;
            }

            bytes.CopyTo(target[count..]);
            count += bytes.Length;
            at += Math.Max(1, length);
        }

        return count;
    }

    // How many bytes an escape of a code point takes, or 0.
    private static int EscapeLength(ReadOnlySpan<byte> text, int at, out Rune letter)
    {
        letter = default;
        if (text.Length - at < 5 || text[at] != '\\' || text[at + 1] != 'u')
        {
            return 0;
        }

        var isBraced = text[at + 2] == '{';
        var from = at + (isBraced ? 3 : 2);
        var digits = isBraced ? text.Slice(from, Math.Min(MostDigits + 1, text.Length - from)).IndexOf((byte)'}') : Math.Min(4, text.Length - from);
        return digits is > 0 and <= MostDigits && (isBraced || digits == 4)
            && uint.TryParse(text.Slice(from, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && Rune.TryCreate(value, out letter)
            ? from + digits + (isBraced ? 1 : 0) - at : 0;
    }
}

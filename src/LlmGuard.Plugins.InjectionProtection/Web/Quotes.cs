using System.Buffers;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// Tells quotes that open and close something of the text's own from quotes that close what the text was put into. The first stand as writers and
/// programs set them: behind a blank or an opening sign, and before a blank or a sign that ends something; so do all of a text, or none counts.
/// </summary>
internal static class Quotes
{
    private const int LongestTag = 128;
    private const int LongestSign = 3;

    // What a sign is not made of.
    private static readonly SearchValues<byte> NoSigns = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789'\"` \t\n"u8);

    /// <summary>
    /// Whether quotes of one kind stand in pairs around what the text quotes itself, and something stands before the first of them. What breaks out
    /// of a string begins with its quote, or has it right behind the value.
    /// </summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="quote">The quote.</param>
    public static bool ArePairs(ReadOnlySpan<byte> text, byte quote)
    {
        var isOpen = false;
        for (var at = 0; text[at..].IndexOf(quote) is >= 0 and var next; at++)
        {
            at += next;
            var before = at > 0 ? text[at - 1] : (byte)0;
            var behind = at + 1 < text.Length ? text[at + 1] : (byte)' ';
            if (quote == '\'' && !isOpen && IsLetter(before) && IsContraction(text[(at + 1)..]))
            {
                continue;
            }

            if (isOpen ? !Closes(behind) : !Opens(text[..at]))
            {
                return false;
            }

            isOpen = !isOpen;
        }

        return !isOpen;
    }

    /// <summary>Whether a quote opens the value of an attribute: <c>&lt;param name="match"></c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="quote">Where the quote is.</param>
    public static bool OpenAttribute(ReadOnlySpan<byte> text, int quote)
    {
        var before = text[Math.Max(0, quote - LongestTag)..quote];
        if (before is not [.., >= (byte)'a' and <= (byte)'z', (byte)'='] || before.LastIndexOfAny((byte)'<', (byte)'>') is var tag
            && (tag < 0 || before[tag] != '<' || !AsciiByte.IsLetter(before[tag + 1]) || !before[tag..].Contains((byte)' ')))
        {
            return false;
        }

        var rest = text.Slice(quote + 1, Math.Min(LongestTag, text.Length - quote - 1));
        return rest.IndexOf(text[quote]) is >= 0 and var close && rest[(close + 1)..] is [(byte)' ' or (byte)'>', ..] or [(byte)'/', (byte)'>', ..];
    }

    /// <summary>
    /// Whether a quote opens a sign that a program or a list names: <c>split('=', 2)</c>, <c>c == '-' ? 1 : 0</c>. It stands behind a parenthesis, or
    /// behind a sign and a space, and what it opens has no letter and is closed where something ends.
    /// </summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="quote">Where the quote is.</param>
    public static bool OpenSign(ReadOnlySpan<byte> text, int quote)
    {
        var before = text[..quote];
        if (!(before is [.., (byte)'(' or (byte)')'] || before is [.., (byte)'=' or (byte)'?' or (byte)':' or (byte)',', (byte)' ']))
        {
            return false;
        }

        var rest = text[(quote + 1)..];
        var length = rest[..Math.Min(LongestSign + 1, rest.Length)].IndexOf(text[quote]);
        return length > 0 && !rest[..length].ContainsAny(NoSigns)
            && rest[(length + 1)..] is [(byte)')' or (byte)',' or (byte)';', ..] or [(byte)' ', (byte)'?' or (byte)':', ..];
    }

    // "don't", "it's", "we'll".
    private static bool IsContraction(ReadOnlySpan<byte> rest)
    {
        var length = rest[..Math.Min(3, rest.Length)].IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        var end = length < 0 ? rest.Length : length;
        return end switch
        {
            1 => rest[0] is (byte)'t' or (byte)'s' or (byte)'d' or (byte)'m',
            2 => rest.StartsWith("re"u8) || rest.StartsWith("ve"u8) || rest.StartsWith("ll"u8),
            _ => false,
        };
    }

    private static bool Opens(ReadOnlySpan<byte> before)
    {
        var name = before.TrimEnd((byte)' ');
        return !name.IsEmpty && (name.Length < before.Length ? IsLetter(name[^1]) || name[^1] is (byte)',' or (byte)':' or (byte)'(' or (byte)'['
            : name[^1] is (byte)'(' or (byte)'[' or (byte)'{' or (byte)':');
    }

    private static bool Closes(byte behind) => behind is (byte)' ' or (byte)',' or (byte)'.' or (byte)')' or (byte)']' or (byte)'}' or (byte)':'
        or (byte)'?' or (byte)'!';

    private static bool IsLetter(byte b) => AsciiByte.IsLetter(b) || b >= 0x80;
}

using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Prompts.Words;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// Tells quotes that open and close something of the text's own from quotes that close what the text was put into. The first stand as writers and
/// programs set them: behind a blank or an opening sign, and before a blank or a sign that ends something.
/// </summary>
internal static class Quotes
{
    private const int LongestTag = 128;

    private static readonly WordTable<bool> Conditions = WordSets.Of(
        "or and xor not union select insert update delete drop having where order group limit sleep waitfor like between is in into exec procedure");

    private static readonly SearchValues<byte> LetterBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789"u8);

    private static readonly SearchValues<byte> LiteralBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_/<>=^~*@ "u8);

    private static readonly WordTable<bool> Verbs = WordSets.Of("select insert update delete create drop alter explain");

    /// <summary>
    /// Whether the text's quotes, apostrophes aside, stand in pairs around whole statements. Behind a value that a quote has ended no statement can
    /// begin, so that such a text breaks out of nothing; around anything else (<c>x ' or 1=1 or ' y</c>) it may.
    /// </summary>
    /// <param name="text">The text, in lower case.</param>
    public static bool AreAroundStatements(ReadOnlySpan<byte> text)
    {
        for (var at = 0; text[at..].IndexOfAny((byte)'\'', (byte)'"') is >= 0 and var next; at++)
        {
            at += next;
            if (text[at] == '\'' && at > 0 && IsLetter(text[at - 1]) && IsContraction(text[(at + 1)..]))
            {
                continue;
            }

            var close = text[(at + 1)..].IndexOf(text[at]);
            if (close < 0 || !Opens(text[..at]) || !IsStatement(text.Slice(at + 1, close))
                || !(at + close + 2 == text.Length || Closes(text[at + close + 2])))
            {
                return false;
            }

            at += close + 1;
        }

        return true;
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
    /// Whether a quote opens a plain literal of a program or of settings: <c>add("--model-path", x)</c>, <c>{node: '>= 0.6'}</c>. A sign of the
    /// language stands before it, another one behind its end, and nothing in it is a condition, a statement or a remark.
    /// </summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="quote">Where the quote is.</param>
    public static bool OpenLiteral(ReadOnlySpan<byte> text, int quote)
    {
        var rest = text.Slice(quote + 1, Math.Min(LongestTag, text.Length - quote - 1));
        var before = text[Math.Max(0, quote - LongestTag)..quote].TrimEnd(" \t\r\n"u8);
        if (before.IsEmpty || !"([{,=+:"u8.Contains(before[^1]) || rest.IndexOf(text[quote]) is not (> 0 and var close)
            || close + 1 == rest.Length || !")]},;:\r\n"u8.Contains(rest[close + 1]))
        {
            return false;
        }

        var literal = rest[..close];
        if (literal.IndexOfAnyExcept(LiteralBytes) >= 0 || !literal.ContainsAny(LetterBytes) || literal.EndsWith("--"u8)
            || literal.IndexOf("-- "u8) >= 0)
        {
            return false;
        }

        foreach (var range in literal.Split((byte)' '))
        {
            if (Conditions.Contains(literal[range]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsStatement(ReadOnlySpan<byte> quoted) =>
        quoted.IndexOf((byte)' ') is > 0 and var length && Verbs.Contains(quoted[..length]) && !quoted.ContainsAny((byte)'\'', (byte)'"');

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

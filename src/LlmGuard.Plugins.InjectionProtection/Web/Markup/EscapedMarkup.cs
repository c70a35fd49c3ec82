using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>
/// Tells markup that a page shows from markup that it has: between the elements of rich text <c>&amp;lt;script&amp;gt;</c> is what an editor makes of
/// code that somebody wrote, and no browser makes an element of it. In an attribute, in other documents and alone it may be resolved once more.
/// </summary>
internal static class EscapedMarkup
{
    /// <summary>Most bytes before a place that are looked at.</summary>
    public const int Longest = 1024;

    private const int LongestName = 10;

    private static readonly WordTable<bool> Elements = new(
        ("p li td th pre code div span h1 h2 h3 h4 blockquote b i u strong em br ul ol table tr tbody textarea samp kbd dd dt figcaption label",
            true));

    /// <summary>Whether the tag that stands at or before an offset is one that is shown.</summary>
    /// <param name="text">The text as it is written.</param>
    /// <param name="at">An offset in the tag.</param>
    public static bool IsShown(ReadOnlySpan<byte> text, int at)
    {
        var before = text[Math.Max(0, at - Longest)..Math.Min(text.Length, at + "&lt;".Length)];
        var escaped = before.LastIndexOf("&lt;"u8);
        if (escaped < 0 || before[escaped..].Contains((byte)'<'))
        {
            return false;
        }

        before = before[..escaped];
        var close = before.LastIndexOf((byte)'>');
        return close >= 0 && before.LastIndexOf((byte)'<') is >= 0 and var open && open < close && IsRich(before[(open + 1)..close]);
    }

    private static bool IsRich(ReadOnlySpan<byte> tag)
    {
        tag = tag.TrimStart((byte)'/');
        var length = 0;
        Span<byte> name = stackalloc byte[LongestName];
        while (length < LongestName && length < tag.Length && AsciiByte.IsAlphanumeric(tag[length]))
        {
            name[length] = (byte)(tag[length] | 0x20);
            length++;
        }

        return Elements.Contains(name[..length]);
    }
}

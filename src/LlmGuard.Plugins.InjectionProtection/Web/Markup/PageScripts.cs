using System.Buffers;
using LlmGuard.Scanning.Lexing.Html;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>
/// Tells the scripts of a page from those that are put into a value. A text that is a whole page, with its type, its head and its title, has scripts;
/// what counts there is whose they are, and what they do, which is looked for everywhere.
/// </summary>
internal static class PageScripts
{
    private const int LongestHead = 512;
    private const int LongestTag = 256;
    private const int MostAttributes = 8;

    // Without one of them nothing is called, set, loaded or written in another way.
    private static readonly SearchValues<byte> ActiveSigns = SearchValues.Create("(=`[{/\\:;'\"$&%+#!@*~^|0123456789\r\n"u8);

    /// <summary>Whether a text is a whole page.</summary>
    /// <param name="text">The text, in lower case.</param>
    public static bool IsPage(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("<!doctype html"u8))
        {
            return false;
        }

        var head = text[..Math.Min(LongestHead, text.Length)];
        return head.IndexOf("<html"u8) is > 0 and var html && head[html..].IndexOf("<head"u8) is > 0 and var at
            && head[(html + at)..].IndexOf("<meta"u8) > 0;
    }

    /// <summary>Whether a tag of a page loads a script of its own site, or holds one, as pages do.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">The offset before the name of the tag.</param>
    /// <param name="end">The offset behind it.</param>
    public static bool IsOwn(ReadOnlySpan<byte> text, int start, int end)
    {
        if (text[start] == '/')
        {
            return true;
        }

        var rest = text.Slice(end, Math.Min(LongestTag, text.Length - end));
        var reader = new HtmlTagReader(rest);
        reader.EnterAttributes(0);
        for (var count = 0; count < MostAttributes && reader.NextAttribute(out var attribute); count++)
        {
            var value = rest[attribute.ValueStart..attribute.ValueEnd];
            if (rest[attribute.NameStart..attribute.NameEnd].SequenceEqual("src"u8))
            {
                return !value.IsEmpty && value.IndexOf((byte)':') < 0 && value is not [(byte)'/' or (byte)'\\', (byte)'/' or (byte)'\\', ..];
            }
        }

        return true;
    }

    /// <summary>
    /// Whether a tag that loads nothing holds words alone, of which a browser makes nothing: <c>&lt;script> and &lt;style> are stripped</c>.
    /// </summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">The offset before the name of the tag.</param>
    /// <param name="end">The offset behind it.</param>
    public static bool IsSentence(ReadOnlySpan<byte> text, int start, int end)
    {
        if (text[start] == '/' || end >= text.Length || text[end] != '>')
        {
            return false;
        }

        var content = text.Slice(end + 1, Math.Min(LongestTag, text.Length - end - 1));
        var close = content.IndexOf("</script"u8);
        if (close < 0 && content.Length < text.Length - end - 1)
        {
            return false;
        }

        content = (close < 0 ? content : content[..close]).Trim((byte)' ');
        return !content.ContainsAny(ActiveSigns) && (content.Contains((byte)' ') || content.ContainsAnyInRange((byte)0x80, (byte)0xFF));
    }

    /// <summary>Whether a tag holds data, which no browser runs: <c>&lt;script type="application/ld+json"></c>, and nothing to load.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="start">The offset before the name of the tag.</param>
    /// <param name="end">The offset behind it.</param>
    public static bool IsData(ReadOnlySpan<byte> text, int start, int end)
    {
        if (text[start] == '/')
        {
            return false;
        }

        var rest = text.Slice(end, Math.Min(LongestTag, text.Length - end));
        var reader = new HtmlTagReader(rest);
        reader.EnterAttributes(0);
        var isData = false;
        for (var count = 0; count < MostAttributes && reader.NextAttribute(out var attribute); count++)
        {
            var name = rest[attribute.NameStart..attribute.NameEnd];
            var value = rest[attribute.ValueStart..attribute.ValueEnd];

            // Of two types the first one counts.
            var isType = name.SequenceEqual("type"u8) && (count == 0 || isData);
            isData |= isType && (value.SequenceEqual("application/json"u8) || value.SequenceEqual("application/ld+json"u8)
                || value.SequenceEqual("text/template"u8) || value.SequenceEqual("text/x-template"u8)
                || value.SequenceEqual("text/x-handlebars-template"u8));
            if (!isData || !(isType || name.SequenceEqual("id"u8) || name.SequenceEqual("class"u8) || name.StartsWith("data-"u8)))
            {
                return false;
            }
        }

        return isData;
    }
}

using LlmGuard.Scanning.Lexing;
using LlmGuard.Scanning.Lexing.Html;

namespace LlmGuard.Plugins.InjectionProtection.Web.Markup;

/// <summary>
/// Tells the tags of pages and of rich text from those that attacks put into values: what a page says of itself, a style sheet of the same
/// site, a picture with a
/// size, rules of style, and a frame that was laid out, by a size, for a page of its own with a secure address.
/// </summary>
internal static class ActiveTags
{
    private const int LongestTag = 1024;
    private const int MostAttributes = 16;
    private const int LongestStyle = 512;

    // What a page is to others; none of it loads anything into the page.
    private static readonly WordTable<bool> Relations = new(
        ("up next prev previous first last start home top contents index author license canonical alternate icon search help copyright bookmark "
            + "toc chapter section glossary", true));

    /// <param name="name">The name of the tag, in lower case.</param>
    /// <param name="rest">What follows the name.</param>
    /// <param name="isClosing">Whether it is the end of an element.</param>
    /// <param name="isInPage">Whether the text is a whole page, whose sheets may be another site's.</param>
    public static bool IsOfPage(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest, bool isClosing, bool isInPage)
    {
        if (isClosing)
        {
            return true;
        }

        if (name.SequenceEqual("style"u8))
        {
            return IsPlainStyle(rest[..Math.Min(rest.Length, LongestStyle)]);
        }

        if (name.SequenceEqual("object"u8) || name.SequenceEqual("embed"u8))
        {
            return IsDocument(rest[..Math.Min(rest.Length, LongestTag)]);
        }

        var (isLink, isFrame, isPicture, isMeta) = (name.SequenceEqual("link"u8), name.SequenceEqual("iframe"u8), name.SequenceEqual("svg"u8),
            name.SequenceEqual("meta"u8));
        if (!isLink && !isFrame && !isPicture && !isMeta)
        {
            return false;
        }

        rest = rest[..Math.Min(rest.Length, LongestTag)];
        var reader = new HtmlTagReader(rest);
        reader.EnterAttributes(0);
        var (isOwn, isSheet, isRelation, sizes, isSecure, isHeader) = (false, false, false, 0, false, false);
        for (var count = 0; count < MostAttributes && reader.NextAttribute(out var attribute); count++)
        {
            var key = rest[attribute.NameStart..attribute.NameEnd];
            var value = rest[attribute.ValueStart..attribute.ValueEnd];
            var isQuoted = attribute.ValueStart > 0 && rest[attribute.ValueStart - 1] is (byte)'"' or (byte)'\'';
            isOwn |= key.SequenceEqual("href"u8) && isQuoted && value.IndexOf((byte)':') < 0
                && value is not [] and not [(byte)'/' or (byte)'\\', (byte)'/' or (byte)'\\', ..];
            isOwn |= isInPage && key.SequenceEqual("href"u8) && isQuoted && value.StartsWith("https://"u8);
            isSheet |= key.SequenceEqual("rel"u8) && value.SequenceEqual("stylesheet"u8);
            isRelation |= key.SequenceEqual("rel"u8) && Relations.Contains(value);
            isSecure |= key.SequenceEqual("src"u8) && isQuoted && value.StartsWith("https://"u8);
            isHeader |= key.SequenceEqual("http-equiv"u8) && !value.SequenceEqual("content-type"u8) && !value.SequenceEqual("x-ua-compatible"u8);
            isHeader |= isMeta && value.IndexOf("utf-7"u8) >= 0;
            sizes += isQuoted && (key.SequenceEqual("width"u8) || key.SequenceEqual("height"u8) || (isPicture
                && key.SequenceEqual("viewbox"u8))) ? 1 : 0;
        }

        return isLink ? (isOwn && isSheet) || isRelation : isMeta ? !isHeader : isPicture ? sizes > 0 : isSecure && sizes == 2;
    }

    // Rules, and nothing in them that loads or runs.
    private static bool IsPlainStyle(ReadOnlySpan<byte> rest)
    {
        var body = rest.IndexOf((byte)'>');
        return body >= 0 && rest[body..].Contains((byte)'{') && rest.IndexOf("@import"u8) < 0 && rest.IndexOf("script"u8) < 0
            && rest.IndexOf("expression"u8) < 0
            && rest.IndexOf("binding"u8) < 0 && rest.IndexOf("behavio"u8) < 0 && rest.IndexOf("url("u8) < 0 && !rest.Contains((byte)'\\');
    }

    // A document of the same site, by its type.
    private static bool IsDocument(ReadOnlySpan<byte> rest)
    {
        var reader = new HtmlTagReader(rest);
        reader.EnterAttributes(0);
        var (isOwn, isDocument) = (false, false);
        for (var count = 0; count < MostAttributes && reader.NextAttribute(out var attribute); count++)
        {
            var key = rest[attribute.NameStart..attribute.NameEnd];
            var value = rest[attribute.ValueStart..attribute.ValueEnd];
            if (key.SequenceEqual("data"u8) || key.SequenceEqual("src"u8))
            {
                if (value.Contains((byte)':') || value is [(byte)'/' or (byte)'\\', (byte)'/' or (byte)'\\', ..] || !value.EndsWith(".pdf"u8))
                {
                    return false;
                }

                isOwn = true;
            }

            isDocument |= key.SequenceEqual("type"u8) && value.SequenceEqual("application/pdf"u8);
        }

        return isOwn && isDocument;
    }
}

using LlmGuard.Scanning.Lexing.Html;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>
/// Tells the tags of pages and of rich text from those that attacks put into values: a style sheet of the same site, and a frame that was laid out, by a
/// size, for a page of its own with a secure address.
/// </summary>
internal static class ActiveTags
{
    private const int LongestTag = 1024;
    private const int MostAttributes = 16;

    /// <param name="name">The name of the tag, in lower case.</param>
    /// <param name="rest">What follows the name.</param>
    public static bool IsOfPage(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest)
    {
        var (isLink, isFrame) = (name.SequenceEqual("link"u8), name.SequenceEqual("iframe"u8));
        if (!isLink && !isFrame)
        {
            return false;
        }

        rest = rest[..Math.Min(rest.Length, LongestTag)];
        var reader = new HtmlTagReader(rest);
        reader.EnterAttributes(0);
        var (isOwn, isSheet, sizes, isSecure) = (false, false, 0, false);
        for (var count = 0; count < MostAttributes && reader.NextAttribute(out var attribute); count++)
        {
            var key = rest[attribute.NameStart..attribute.NameEnd];
            var value = rest[attribute.ValueStart..attribute.ValueEnd];
            var isQuoted = attribute.ValueStart > 0 && rest[attribute.ValueStart - 1] is (byte)'"' or (byte)'\'';
            isOwn |= key.SequenceEqual("href"u8) && isQuoted && value is [(byte)'/', not ((byte)'/' or (byte)'\\'), ..];
            isSheet |= key.SequenceEqual("rel"u8) && value.SequenceEqual("stylesheet"u8);
            isSecure |= key.SequenceEqual("src"u8) && isQuoted && value.StartsWith("https://"u8);
            sizes += isQuoted && (key.SequenceEqual("width"u8) || key.SequenceEqual("height"u8)) ? 1 : 0;
        }

        return isLink ? isOwn && isSheet : isSecure && sizes == 2;
    }
}

using System.Buffers;

namespace LlmGuard.Plugins.InjectionProtection.Web.Shell;

/// <summary>
/// Tells the back-quotes of writers, who set names of commands between them in lines of a document, and those of programs, which write values into
/// texts, from those of a shell.
/// </summary>
internal static class CodeSpans
{
    private const int Longest = 256;
    private const int LeastWords = 3;
    private const int MostSlots = 4;

    private static readonly SearchValues<byte> WordBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz'-"u8);

    /// <summary>Whether a back-quote closes a span, or opens a text of a program that writes members of objects or calls into it.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the back-quote stands.</param>
    public static bool IsNone(ReadOnlySpan<byte> text, int at)
    {
        if (text[..at].Count((byte)'`') % 2 != 0)
        {
            return true;
        }

        var span = text[(at + 1)..];
        var close = span.IndexOf((byte)'`');
        span = close < 0 ? span : span[..close];
        for (var i = 0; i < MostSlots && span.IndexOf("${"u8) is >= 0 and var slot; i++)
        {
            span = span[(slot + 2)..];
            if (span.IndexOfAnyExcept(WordBytes) is > 0 and var name && span[name] is (byte)'.' or (byte)'(')
            {
                // "${event.name}" is none of a shell's.
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a span stands in a line of a document: as the text of a link, or with words of a sentence behind it, or between words and the sign
    /// that ends them.
    /// </summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the back-quote that opens it stands.</param>
    public static bool IsTold(ReadOnlySpan<byte> text, int at)
    {
        var close = text.Slice(at + 1, Math.Min(Longest, text.Length - at - 1)).IndexOf((byte)'`');
        if (close < 0 || (at > 0 && text[at - 1] is not ((byte)' ' or (byte)'(' or (byte)'[')))
        {
            return false;
        }

        var behind = text[(at + close + 2)..];
        if (at > 0 && text[at - 1] == '[')
        {
            return behind is [(byte)']', (byte)'(' or (byte)'[' or (byte)':', ..];
        }

        if (AreWords(behind.TrimStart(" -(,.:;)"u8)))
        {
            return true;
        }

        var before = text[..at].TrimEnd(" .,:;("u8);
        return before.Length < at && text[before.Length] == ' ' && behind is [] or [(byte)' ' or (byte)',' or (byte)'.' or (byte)':' or (byte)')', ..]
            && ValuePlace.WordsBefore(text[..(before.Length + 1)], LeastWords) == LeastWords;
    }

    private static bool AreWords(ReadOnlySpan<byte> text)
    {
        for (var words = 0; words < LeastWords; words++)
        {
            var length = text.IndexOfAnyExcept(WordBytes);
            length = length < 0 ? text.Length : length;
            if (length < 2 || (length < text.Length && text[length] is not ((byte)' ' or (byte)',' or (byte)'.' or (byte)'?' or (byte)'!'
                or (byte)':' or (byte)')')))
            {
                return false;
            }

            text = text[length..].TrimStart(" ,.:)"u8);
        }

        return true;
    }
}

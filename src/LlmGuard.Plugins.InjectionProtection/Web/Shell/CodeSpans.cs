using System.Buffers;
using LlmGuard.Scanning;

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
    private const int MostSigns = 8;
    private const int LongestWord = 64;

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

    /// <summary>Whether a place stands within a pair of back-quotes that a sentence has and goes on behind.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">The place.</param>
    public static bool IsInSpan(ReadOnlySpan<byte> text, int at)
    {
        var from = Math.Max(0, at - LongestWord);
        var open = text[from..at].LastIndexOf((byte)'`');
        var close = text.Slice(at, Math.Min(Longest, text.Length - at)).IndexOf((byte)'`');
        return open >= 0 && close > 0 && from + open > 0 && IsQuotation(text, from + open) && text[..(from + open)].Count((byte)'`') % 2 == 0
            && (at + close + 1 == text.Length || text[at + close + 1] is (byte)' ' or (byte)',' or (byte)'.' or (byte)';' or (byte)')' or (byte)'?');
    }

    /// <summary>Whether a back-quote opens a quotation: prose has them between blanks, and a substitution in a value hangs on it.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the back-quote stands.</param>
    public static bool IsQuotation(ReadOnlySpan<byte> text, int at)
    {
        // "run `a b` && `c d`", "`a`, `b` and": one quotation behind the other.
        for (var i = 0; i < MostSigns && at > 1 && text[at - 1] == ' '; i++)
        {
            var before = text[Math.Max(0, at - LongestWord)..at].TrimEnd(" ,&|"u8);
            if (before is not [.., (byte)'`'] || before[..^1].LastIndexOf((byte)'`') is not (>= 0 and var open))
            {
                break;
            }

            at = Math.Max(0, at - LongestWord) + open;
        }

        at -= at > 2 && text[at - 1] is (byte)'[' or (byte)'(' || (at > 3 && text[at - 1] == '"' && text[(at + 1)..].IndexOf("`\""u8) > 0) ? 1 : 0;
        return at > 1 && text[at - 1] == ' ' && AsciiByte.IsAlphanumeric(text[at - 2]);
    }

    /// <summary>Whether a sentence goes on behind a name between back-quotes: <c>`id` must be unique</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the back-quote that opens it stands.</param>
    /// <param name="quoted">The offset after the name.</param>
    public static bool IsSubject(ReadOnlySpan<byte> text, int at, int quoted) => (at == 0 || text[at - 1] == ' ')
        && text[(quoted + 1)..] is [(byte)' ', >= (byte)'a' and <= (byte)'z', >= (byte)'a' and <= (byte)'z', ..] rest
        && rest[1..] is var words && words.IndexOf((byte)' ') is > 1 and var first && words[..first].IndexOfAnyExceptInRange((byte)'a', (byte)'z') < 0
        && words[(first + 1)..] is [>= (byte)'a' and <= (byte)'z' or (byte)'`', ..];

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

using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Requests;

/// <summary>Looks for a value that ends its header and begins another one: a break, and a line that is a header of HTTP or of mail.</summary>
internal static class HeaderDetector
{
    private const int LongestName = 40;
    private const int LongestLine = 256;

    private static readonly WordTable<bool> Names = new(
        ("""
         location refresh host cc bcc set-cookie content-length content-encoding transfer-encoding connection cookie
         x-forwarded-for x-forwarded-host x-forwarded-proto x-original-url x-rewrite-url access-control-allow-origin access-control-allow-credentials
         x-xss-protection content-security-policy last-modified etag cache-control mime-version reply-to
         """, true));

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        FindEncoded(text, hits);
        var line = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (line < 0 || line > LongestLine || EndOfName(text) > 0)
        {
            // A list of fields is a document: mail that was pasted, a form.
            return;
        }

        hits.Steps += text.Length;
        for (var at = line; at < text.Length;)
        {
            while (at < text.Length && text[at] is (byte)'\r' or (byte)'\n' or (byte)' ')
            {
                at++;
            }

            var name = IsMember(text, at) ? 0 : EndOfName(text[at..]);
            if (name > 0 && (line == 0 && text.Length < LongestLine && text[at..].IndexOf((byte)'\n') < 0
                && text.Slice(at, name).Contains((byte)'-') || Names.Contains(text.Slice(at, name)))
                && IsValue(text.Slice(at, name), text[(at + name + 1)..]))
            {
                hits.Add(InjectionRules.HeaderSplit, at, at + name + 1);
                return;
            }

            var next = text[at..].IndexOfAny((byte)'\r', (byte)'\n');
            at = next < 0 ? text.Length : at + next;
        }
    }

    // "  host: 'localhost',": a member of an object or of settings, which is set in. A header begins where its line does.
    private static bool IsMember(ReadOnlySpan<byte> text, int at) => at > 1 && text[at - 1] == ' ' && text[at - 2] == ' ';

    // A break in the escapes of addresses or programs, and then a header: who writes text of some lines writes lines.
    private static void FindEncoded(ReadOnlySpan<byte> text, HitList hits)
    {
        hits.Steps += text.Length;
        for (var at = 0; text[at..].IndexOfAny((byte)'%', (byte)'\\') is >= 0 and var found; at++)
        {
            at += found;
            hits.Steps += LongestName;
            var length = BreakLength(text[at..]);
            if (length == 0)
            {
                continue;
            }

            if (length == "\\r\\n"u8.Length && IsRequestLine(text[..at]))
            {
                // A message of HTTP in the escapes of a program: its own headers split nothing.
                return;
            }

            var rest = text[(at + length)..];
            if (IsCacheCommand(rest))
            {
                hits.Add(InjectionRules.HeaderSplit, at, at + length + "set ".Length);
                return;
            }

            rest = rest.StartsWith("%20"u8) ? rest[3..] : rest.TrimStart((byte)' ');
            var end = rest[..Math.Min(rest.Length, LongestName)].IndexOfAnyExcept(NameBytes);
            if (end > 0 && (rest[end] == ':' || rest[end..].StartsWith("%3a"u8)) && (rest[..end].Contains((byte)'-') || Names.Contains(rest[..end]))
                && !IsPlace(rest[..end], rest[end..]))
            {
                hits.Add(InjectionRules.HeaderSplit, at, text.Length - rest.Length + end);
                return;
            }
        }
    }

    // "post /login http/1.1": a method, what is asked for, and the version.
    private static bool IsRequestLine(ReadOnlySpan<byte> line) => line.Length <= LongestLine && line.IndexOf((byte)' ') is > 2 and var method
        && line[..method].IndexOfAnyExceptInRange((byte)'a', (byte)'z') < 0 && line.LastIndexOf((byte)' ') is var last && last > method + 1
        && line[(last + 1)..].StartsWith("http/"u8) && line.IndexOf((byte)'%') < 0;

    // Letters beyond the line's end that old servers cut to one byte are breaks as well.
    private static int BreakLength(ReadOnlySpan<byte> text) => text.StartsWith("%0d%0a"u8) ? 6 : text.StartsWith("%0a"u8)
        || text.StartsWith("%0d"u8) ? 3
        : text.StartsWith("\\\\r\\\\n"u8) ? 6 : text.StartsWith("\\r\\n"u8) ? 4 : text.StartsWith("%e5%98%8a%e5%98%8d"u8) ? 18 : 0;

    // The length of a name with a colon behind it, or 0.
    private static int EndOfName(ReadOnlySpan<byte> text)
    {
        var end = text[..Math.Min(text.Length, LongestName)].IndexOfAnyExcept(NameBytes);
        return end > 0 && text[end] == ':' && !text[(end + 1)..].StartsWith("//"u8) ? end : 0;
    }

    // "set key 0 0 5": what a cache is told to keep, and for how long; its length is the last number.
    private static bool IsCacheCommand(ReadOnlySpan<byte> line)
    {
        line = line[..Math.Min(line.Length, LongestLine)];
        if (!line.StartsWith("set "u8) && !line.StartsWith("set%20"u8) && !line.StartsWith("add "u8))
        {
            return false;
        }

        var (numbers, words) = (0, 0);
        var end = line.IndexOfAny((byte)'\r', (byte)'\\');
        foreach (var range in (end < 0 ? line : line[..end]).SplitAny(" %+"u8))
        {
            var word = line[range];
            words++;
            numbers += words > 2 && !word.IsEmpty && word.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? 1 : 0;
        }

        return numbers >= 3;
    }

    // "%0aLocation:%20Springfield": a letter where an address has a scheme or a slash.
    private static bool IsPlace(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest)
    {
        if (!name.SequenceEqual("location"u8))
        {
            return false;
        }

        rest = rest[..Math.Min(rest.Length, LongestLine)];
        rest = rest[(rest[0] == ':' ? 1 : "%3a".Length)..];
        rest = (rest.StartsWith("%20"u8) ? rest[3..] : rest).TrimStart(" +"u8);
        return rest is [>= (byte)'a' and <= (byte)'z', ..] && rest.IndexOfAny("/:.%"u8) < 0;
    }

    // A place to live is no address, and a copy goes to somebody.
    private static bool IsValue(ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest)
    {
        var value = rest[..Math.Min(rest.Length, LongestLine)].TrimStart(" \t"u8);
        return name.Length switch
        {
            8 when name.SequenceEqual("location"u8) => value.IsEmpty || value[0] is (byte)'/' or (byte)'\r' or (byte)'\n'
                || value.StartsWith("http"u8),
            7 when name.SequenceEqual("refresh"u8) => !value.IsEmpty && value[0] is >= (byte)'0' and <= (byte)'9' || value.StartsWith("http"u8)
                || value.StartsWith("url"u8) || value.StartsWith("www."u8),
            2 or 3 => value.Contains((byte)'@'),
            6 when name.SequenceEqual("cookie"u8) => value.Contains((byte)'='),
            4 when name.SequenceEqual("host"u8) && rest.IndexOf((byte)'\r') < 0 => value.Contains((byte)'.') || value.StartsWith("localhost"u8),
            4 or 6 => value.Length > 0 && rest.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and < LongestLine || value.Contains((byte)'.')
                || value.Contains((byte)'='),
            _ => true,
        };
    }

    private static readonly System.Buffers.SearchValues<byte> NameBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);
}

using System.Buffers;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Addresses;

/// <summary>
/// Looks at addresses: hosts inside the network in every way a number can be written, and addresses that lead elsewhere than they seem to.
/// </summary>
internal static class AddressDetector
{
    private const int LongestAddress = 256;
    private const int LongestScheme = 24;

    private static readonly WordTable<bool> Assets = new(("js mjs css map png jpg jpeg gif webp avif svg ico woff woff2 ttf", true));

    private static readonly SearchValues<byte> AddressEnds = SearchValues.Create(" \"'<>\r\n"u8);
    private static readonly SearchValues<byte> NumberSigns = SearchValues.Create("0123456789.abcdefx"u8);
    private static readonly SearchValues<byte> AuthorityEnds = SearchValues.Create("/ \\?#\"'<>)\r\n\t,;"u8);

    // No host has one of these; a pattern that addresses are matched with does.
    private static readonly SearchValues<byte> PatternSigns = SearchValues.Create("^*+$|{}"u8);

    public static void Find(ReadOnlySpan<byte> text, HitList hits)
    {
        for (var at = 0; at < text.Length;)
        {
            var found = text[at..].IndexOf("://"u8);
            if (found < 0)
            {
                break;
            }

            var host = at + found + 3;
            hits.Steps += found + Math.Min(LongestAddress, text.Length - host) + Mention.Longest + Question.Longest;
            JudgeHost(text, host, hits);
            at = host;
        }

        JudgeRedirect(text, hits);
    }

    private static void JudgeHost(ReadOnlySpan<byte> text, int start, HitList hits)
    {
        var rest = text.Slice(start, Math.Min(LongestAddress, text.Length - start));
        var end = rest.IndexOfAny(AuthorityEnds);
        var authority = end < 0 ? rest : rest[..end];
        var user = authority.LastIndexOf((byte)'@');
        var host = authority[(user + 1)..];
        var port = host.Length > 0 && host[0] == '[' ? host.IndexOf((byte)']') + 1 : host.LastIndexOf((byte)':');
        host = port > 0 || (port == 0 && host[0] == ':') ? host[..port] : host;
        if (text[Math.Max(0, start - LongestScheme)..start].IndexOf("jdbc:"u8) >= 0)
        {
            // A connection to a database, which nothing that fetches pages opens.
            return;
        }

        // Who ends names at a nul sees another machine than who checks the end of the name.
        var isCut = host.IndexOf("%00"u8) is > 0 and var nul && (IsInternal(host[..nul]) || IsLoopback(host[..nul]) || IsPrivate(host[..nul]));
        var isLoopback = IsLoopback(host);
        var own = new OwnAddress(host, rest[(user + 1 + host.Length)..], hasUser: user >= 0, isLoopback);
        if (IsInternal(host) && (Mention.GoesOnBehindPath(text, start + authority.Length) || Question.Is(text)))
        {
            return;
        }

        if (isCut || IsInternal(host) || ((isLoopback || IsPrivate(host)) && AddressPlace.IsFetched(text, start, own, hits)))
        {
            hits.Add(InjectionRules.SsrfInternal, start, start + authority.Length);
        }
        else if (user >= 0 && authority[..user].IndexOfAny(".@"u8) >= 0 && !authority[..user].Contains((byte)':'))
        {
            hits.Add(InjectionRules.SsrfRedirect, start, start + authority.Length);
        }
        else if (end > 0 && rest[end] == '\\' && authority.IndexOfAny(PatternSigns) < 0 && end + 1 < rest.Length
            && rest[end + 1] > ' ' && rest[end + 1] is not ((byte)'n' or (byte)'"'))
        {
            hits.Add(InjectionRules.SsrfRedirect, start, start + authority.Length);
        }
        else if (IsRemoteProgram(rest))
        {
            hits.Add(InjectionRules.FileInclude, start, start + authority.Length);
        }
    }

    // Names that resolve to the number in them stand for it, in any digits.
    private static bool IsInternal(ReadOnlySpan<byte> host)
    {
        if (host.SequenceEqual("0"u8) || (host.StartsWith("[::"u8) && host.Length > "[::1]".Length) || host.StartsWith("[0:"u8)
            || host.StartsWith("[fd"u8) || host.StartsWith("[fc"u8) || host.StartsWith("[fe80:"u8)
            || host.StartsWith("169.254."u8) || host.StartsWith("localtest.me"u8) || host.EndsWith(".localtest.me"u8) || host.EndsWith(".nip.io"u8)
            || host.EndsWith(".xip.io"u8) || host.EndsWith(".sslip.io"u8) || host.SequenceEqual("spoofed.burpcollaborator.net"u8)
            || host.StartsWith("7f000001."u8) || host.StartsWith("a9fea9fe."u8) || (host.StartsWith("127."u8)
                && !IsUsual(host)))
        {
            return true;
        }

        // A number of one part, or in octal or hexadecimal digits, is an address that somebody wants unseen.
        if (host.IsEmpty || !AsciiByte.IsDigit(host[0]))
        {
            return false;
        }

        var dots = host.Count((byte)'.');
        if (host.StartsWith("0x"u8) || (host[0] == '0' && host.Length > 1 && AsciiByte.IsDigit(host[1])))
        {
            return host.IndexOfAnyExcept(NumberSigns) < 0;
        }

        return dots < 3 && host.IndexOfAnyExcept(NumberSigns) < 0 && (dots == 0 ? host.Length >= 8 : host.IndexOf(".0x"u8) >= 0
            || host.IndexOfAnyInRange((byte)'a', (byte)'z') < 0);
    }

    // The machine itself, in the ways that everybody writes.
    private static bool IsLoopback(ReadOnlySpan<byte> host) => host.SequenceEqual("localhost"u8) || host.EndsWith(".localhost"u8)
        || host.SequenceEqual("0.0.0.0"u8)
        || host.SequenceEqual("[::1]"u8) || host.SequenceEqual("[::]"u8) || IsUsual(host);

    // "127.0.0.1" and "127.0.1.1", against "127.127.127.127" and "127.1".
    private static bool IsUsual(ReadOnlySpan<byte> host) => host.StartsWith("127.0."u8) && host.Count((byte)'.') == 3;

    // Machines of a network of one's own.
    private static bool IsPrivate(ReadOnlySpan<byte> host) => host.StartsWith("10."u8) && host.Count((byte)'.') == 3 || host.StartsWith("192.168."u8)
        || (host.StartsWith("172."u8) && host.Length > 7 && host[6] == '.' && host[4] is >= (byte)'1' and <= (byte)'3'
            && host[4..6].SequenceCompareTo("16"u8) >= 0 && host[4..6].SequenceCompareTo("31"u8) <= 0)
        || host.EndsWith(".svc"u8) || host.EndsWith(".svc.cluster.local"u8) || host.EndsWith(".internal"u8);

    private static bool IsRemoteProgram(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny(AddressEnds);
        var address = end < 0 ? rest : rest[..end];
        var query = address.IndexOf((byte)'?');
        return query == address.Length - 1 && query > 0
            || (query > 0 && address[(query + 1)..] is var parameters && (parameters.StartsWith("%00"u8) || parameters.StartsWith("&"u8)
            || parameters.StartsWith("cmd="u8) || parameters.IndexOf("&cmd="u8) >= 0))
            || (end < 0 && (address.EndsWith(".php"u8) && query < 0 && address.IndexOf("shell"u8) > 0 || address.EndsWith("shell.txt"u8)
            || address.EndsWith("shell.txt?"u8) || address.EndsWith("/evil.txt"u8)));
    }

    // A machine of the network, "\\\\server\\share\\a.txt", has a name without dots.
    private static bool HasDomain(ReadOnlySpan<byte> rest, bool isShare)
    {
        var end = isShare ? rest.IndexOf((byte)'\\') : -1;
        return (end < 0 ? rest : rest[..end]).Contains((byte)'.');
    }

    // A program or a picture of a page, which nobody is led to.
    private static bool IsAsset(ReadOnlySpan<byte> value) => value.LastIndexOf((byte)'.') is > 0 and var dot && Assets.Contains(value[(dot + 1)..]);

    // The value as a whole: "//host", "/\host", "https:host", "///host", "\/\/host".
    private static void JudgeRedirect(ReadOnlySpan<byte> text, HitList hits)
    {
        var value = text.Trim(" \t\r\n"u8);
        if (value.Length is < 4 or > 512 || value.ContainsAny((byte)' ', (byte)'\n'))
        {
            return;
        }

        var slashes = 0;
        while (slashes < value.Length && value[slashes] is (byte)'/' or (byte)'\\' or (byte)';' or (byte)'.' or (byte)'\t' or 0xE3 or 0x80 or 0x82)
        {
            slashes++;
        }

        var isRelative = slashes >= 2 && slashes < value.Length && value[..slashes].Count((byte)'/') + value[..slashes].Count((byte)'\\') >= 2
            && !value[..slashes].Contains((byte)'.') && HasDomain(value[slashes..], value[0] == '\\') && value[slashes..].IndexOfAny("=,;"u8) < 0
            && !IsAsset(value);
        var isColon = (value.StartsWith("http:"u8) || value.StartsWith("https:"u8)) && value[(value.IndexOf((byte)':') + 1)..] is var rest
            && rest.Length > 3 && !(rest.StartsWith("//"u8) && rest[2] is not ((byte)'/' or (byte)'\\' or (byte)';'));
        var isPath = value[0] == '/' && (value.IndexOf("/http"u8) == 0 || value.IndexOf("/%0"u8) == 0 || value.IndexOf("//"u8) is > 0 and < 48
            && value.IndexOf("://"u8) < 0 && value.IndexOf(".."u8) >= 0);
        // A whole address may have another one as a parameter; a path of the application that has one leads there.
        var isTarget = (value[0] == '/' && (value.IndexOf("?url=http"u8) >= 0 || value.IndexOf("?u=http"u8) >= 0
                || value.IndexOf("dest=http"u8) >= 0 || value.IndexOf("next=http"u8) >= 0))
            || value.IndexOf("=\\\\"u8) is > 0 and var share && HasDomain(value[(share + 3)..], isShare: true)
            || value.IndexOf("url=//"u8) >= 0 || value.IndexOf("=//"u8) >= 0 || value.IndexOf("=/\\"u8) >= 0 || value.IndexOf("=\\/"u8) >= 0
            || value.IndexOf("%2f%2f"u8) is 0 || value.IndexOf("//%2f"u8) >= 0
            || value.IndexOf("/%2f%2f"u8) >= 0 || value.IndexOf("/%5c"u8) is 0 || value.IndexOf("//%5c"u8) is 0;
        // A machine without its scheme, which the program that is given it will add.
        var slash = value.IndexOf((byte)'/');
        if (slash > 3 && value[..slash] is var machine && (machine.StartsWith("localhost"u8) && machine.IndexOfAny("_-"u8) < 0
            || (IsInternal(machine) || IsLoopback(machine)) && !AsciiByte.IsDigit(machine[0]) || machine.EndsWith("-localhost"u8)
            || IsPrivate(machine) && (machine.EndsWith(".local"u8) || machine.EndsWith(".internal"u8))))
        {
            hits.Add(InjectionRules.SsrfInternal, 0, text.Length);
        }

        if (isRelative || isColon || isPath || isTarget)
        {
            hits.Add(InjectionRules.SsrfRedirect, 0, text.Length);
        }
    }
}

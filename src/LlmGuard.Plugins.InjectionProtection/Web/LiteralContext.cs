using System.Buffers;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web;

/// <summary>Tells by what stands around a literal of <see cref="WebLiterals"/> whether it does what it looks like.</summary>
internal static class LiteralContext
{
    private const int LongestHead = 256;
    private const int LongestOwner = 16;

    // Whose calls of such names start programs.
    private static readonly WordTable<bool> Libraries = new(("kernel std io process os shell runtime popen", true));

    private static readonly SearchValues<byte> ChapterBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-./"u8);
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.:"u8);
    private static readonly SearchValues<byte> PathEnds = SearchValues.Create("\"'<>|\r\n\0"u8);

    /// <summary>
    /// Whether a call stands as manuals write it (<c>exec(command[, options])</c>, <c>`subprocess.kill()`</c>), or is a method that
    /// starts nothing.
    /// </summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the literal begins.</param>
    /// <param name="length">How long it is.</param>
    public static bool IsManual(ReadOnlySpan<byte> text, int at, int length)
    {
        var rest = text.Slice(at + length, Math.Min(LongestHead, text.Length - at - length));
        if (text.Slice(at, length).SequenceEqual("subprocess."u8))
        {
            return !(rest.StartsWith("run"u8) || rest.StartsWith("call"u8) || rest.StartsWith("popen"u8) || rest.StartsWith("check_"u8)
                || rest.StartsWith("get"u8));
        }

        if (text[at + length - 1] == '(' && at > 2 && text[(at - 2)..at].SequenceEqual("::"u8) && AsciiByte.IsAlphanumeric(text[at - 3]))
        {
            // "Message::System(x)": a kind of something, where no library has a call of this name.
            var owner = text[Math.Max(0, at - 2 - LongestOwner)..(at - 2)];
            owner = owner[(owner.LastIndexOfAnyExceptInRange((byte)'a', (byte)'z') + 1)..];
            return !Libraries.Contains(owner);
        }

        var name = text[at + length - 1] == '(' ? 0 : rest.IndexOfAnyExceptInRange((byte)'a', (byte)'z');
        if (name < 0 || (text[at + length - 1] != '(' && rest[name] != '('))
        {
            return false;
        }

        rest = rest[(text[at + length - 1] == '(' ? 0 : name + 1)..];
        var close = rest.IndexOf((byte)')');
        return close == 0 ? rest is [_, (byte)'`', ..]
            : close > 0 && rest[..close].IndexOf("[,"u8) > 0 && !rest[..close].ContainsAny((byte)'\'', (byte)'"', (byte)'`');
    }

    /// <summary>
    /// Whether a document type comes from elsewhere. The public ones are named as what they are, <c>-//owner//dtd name//en</c>, beside
    /// their address.
    /// </summary>
    /// <param name="declared">The declaration, in lower case.</param>
    public static bool IsForeignType(ReadOnlySpan<byte> declared)
    {
        var end = declared.IndexOfAny((byte)'>', (byte)'[');
        declared = end < 0 ? declared : declared[..end];
        var at = declared.IndexOf(" system "u8);
        at = at < 0 && declared.IndexOf("//dtd "u8) < 0 ? declared.IndexOf(" public "u8) : at;
        return at > 0 && declared[at..].IndexOf("://"u8) > 0;
    }

    /// <summary>Whether an element includes a part of a document beside it: <c>xi:include href="chapter1.xml"</c>.</summary>
    /// <param name="element">The element, in lower case.</param>
    public static bool IsOwnPart(ReadOnlySpan<byte> element)
    {
        var at = element.IndexOf("href=\""u8);
        if (at < 0)
        {
            return false;
        }

        var address = element[(at + "href=\"".Length)..];
        var end = address.IndexOf((byte)'"');
        address = end < 0 ? address : address[..end];
        return address is [>= (byte)'a' and <= (byte)'z', ..] && !address.ContainsAny((byte)':', (byte)'\\') && address.IndexOf(".."u8) < 0
            && address.EndsWith(".xml"u8);
    }

    /// <summary>Whether LaTeX reads a part of a document below it: <c>\\input{chapters/introduction}</c>.</summary>
    /// <param name="rest">What stands behind the brace, in lower case.</param>
    public static bool IsOwnChapter(ReadOnlySpan<byte> rest)
    {
        var end = rest[..Math.Min(rest.Length, LongestHead)].IndexOf((byte)'}');
        return end > 0 && AsciiByte.IsAlphanumeric(rest[0]) && rest[..end].IndexOfAnyExcept(ChapterBytes) < 0
            && rest[..end].IndexOf(".."u8) < 0 && rest[..end].Contains((byte)'/');
    }

    /// <summary>
    /// Whether a type is a class with its packages, <c>com.sun.rowset.jdbcrowsetimpl</c>, where data on things has a word or an
    /// address.
    /// </summary>
    /// <param name="rest">What stands behind the name of the member, in lower case.</param>
    public static bool IsClass(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(rest.Length, LongestHead)].TrimStart(" \""u8);
        var end = rest.IndexOf((byte)'"');
        var name = end < 0 ? rest : rest[..end];
        return name.IndexOfAny((byte)'.', (byte)'\\', (byte)'%') > 0 && name.IndexOf("://"u8) < 0;
    }

    /// <summary>Whether an address is that of an entry of a directory, by its name: <c>ldap://host/dc=example,dc=com</c>.</summary>
    /// <param name="rest">What stands behind the scheme, in lower case.</param>
    public static bool IsEntry(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(rest.Length, LongestHead)];
        var path = rest.IndexOf((byte)'/');
        return path > 0 && rest[(path + 1)..] is [(byte)'d', (byte)'c', (byte)'=', ..] or [(byte)'o', (byte)'u', (byte)'=', ..]
            or [(byte)'c', (byte)'n', (byte)'=', ..] && rest.IndexOf(",dc="u8) > 0;
    }

    /// <summary>
    /// Whether a stream of PHP has what it reads, <c>php://filter/x</c>, <c>zlib://x</c>, against <c>zlib:1.2.13</c> and an address of
    /// one's own.
    /// </summary>
    /// <param name="text">The text from the scheme on, in lower case.</param>
    /// <param name="length">How long the scheme is.</param>
    public static bool IsWrapped(ReadOnlySpan<byte> text, int length)
    {
        var rest = text.Slice(length, Math.Min(LongestHead, text.Length - length));
        return text.StartsWith("data://"u8) ? rest.ContainsAny((byte)',', (byte)';') || rest.StartsWith("text/"u8)
            : rest.TrimStart((byte)'/') is [> (byte)' ' and not (byte)'"', ..] && !(text[length - 1] == ':' && AsciiByte.IsDigit(rest[0]));
    }

    /// <summary>Whether an address says where a directory is, and asks nothing of it: <c>ldap://dc1.corp.example.com</c>.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="at">Where the scheme begins.</param>
    /// <param name="length">How long it is.</param>
    public static bool IsDirectoryServer(ReadOnlySpan<byte> text, int at, int length)
    {
        var host = text[(at + length)..].TrimEnd((byte)'/');
        return at == 0 && text.StartsWith("ldap"u8) && host.Length < LongestHead && host is [>= (byte)'a' and <= (byte)'z', ..]
            && host.Contains((byte)'.') && host.IndexOfAnyExcept(HostBytes) < 0;
    }

    /// <summary>Whether an object of PHP stands there, as <c>o:8:"name":1:{</c> writes one.</summary>
    /// <param name="rest">What stands behind the first colon, in lower case.</param>
    public static bool IsPhpObject(ReadOnlySpan<byte> rest)
    {
        var digits = rest[..Math.Min(rest.Length, 8)].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits > 0 && rest[digits..].StartsWith(":\""u8);
    }

    /// <summary>
    /// Whether a file is one of a server's. Users and programs have files of all kinds; settings and logs are what servers are asked
    /// for.
    /// </summary>
    /// <param name="path">The path and what follows it, in lower case.</param>
    public static bool IsOfServer(ReadOnlySpan<byte> path)
    {
        path = path[..Math.Min(path.Length, LongestHead)];
        var end = path.IndexOfAny(PathEnds);
        path = (end < 0 ? path : path[..end]).TrimEnd((byte)' ');
        var dot = path.LastIndexOf((byte)'.');
        return dot > 0 && path[(dot + 1)..] is var extension && (extension.SequenceEqual("ini"u8) || extension.SequenceEqual("cnf"u8)
            || extension.StartsWith("conf"u8)
            || extension.SequenceEqual("err"u8) || extension.SequenceEqual("log"u8) || path.IndexOf("server"u8) > 0
            && extension.SequenceEqual("xml"u8));
    }
}

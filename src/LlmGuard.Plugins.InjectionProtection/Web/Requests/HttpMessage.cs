using LlmGuard.Scanning.Lexing;

namespace LlmGuard.Plugins.InjectionProtection.Web.Requests;

/// <summary>
/// Divides a text that is a whole message of HTTP, as logs, proxies and recordings have them: its headers stand where headers stand and split
/// nothing, and what it asks for, each header and its body are values of their own.
/// </summary>
internal ref struct HttpMessage
{
    private const int LongestLine = 8192;
    private const int LongestMethod = 8;
    private const int LongestName = 64;

    private static readonly WordTable<bool> Methods = new(("get post put delete head options patch trace connect", true));

    private static readonly System.Buffers.SearchValues<byte> NameBytes =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly Range _target;
    private int _next;
    private bool _isBehindTarget;

    private HttpMessage(ReadOnlySpan<byte> text, Range target, int next)
    {
        _text = text;
        _target = target;
        _next = next;
    }

    /// <summary>Where the part that was read begins.</summary>
    public int Start { get; private set; }

    /// <summary>The offset after it.</summary>
    public int End { get; private set; }

    /// <summary>Reads the first line.</summary>
    /// <param name="text">The text, in lower case.</param>
    /// <param name="message">Receives the message.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out HttpMessage message)
    {
        message = default;
        var head = text[..Math.Min(text.Length, LongestLine)];
        var space = head[..Math.Min(head.Length, LongestMethod + 1)].IndexOf((byte)' ');
        if (space <= 0 || !(Methods.Contains(head[..space]) || IsVersion(head[..space])))
        {
            return false;
        }

        var line = head.IndexOf((byte)'\n');
        if (line < 0 || !IsHeader(text[(line + 1)..]))
        {
            return false;
        }

        var first = head[..line].TrimEnd((byte)'\r');
        var last = first.LastIndexOf((byte)' ');
        if (IsVersion(first[..space]))
        {
            message = new HttpMessage(text, 0..0, line + 1);
            return true;
        }

        if (last <= space || !IsVersion(first[(last + 1)..]))
        {
            return false;
        }

        message = new HttpMessage(text, OwnPath(text, space + 1, last)..last, line + 1);
        return true;
    }

    /// <summary>Reads the next part: what is asked for, a header with its name, the body.</summary>
    public bool Next()
    {
        if (!_isBehindTarget)
        {
            (_isBehindTarget, Start, End) = (true, _target.Start.Value, _target.End.Value);
            return true;
        }

        if (_next >= _text.Length)
        {
            return false;
        }

        var rest = _text[_next..];
        Start = _next;
        if (!IsHeader(rest))
        {
            (End, _next) = (_text.Length, _text.Length);
            return true;
        }

        var line = rest.IndexOf((byte)'\n');
        (End, _next) = line < 0 ? (_text.Length, _text.Length) : (_next + line, _next + line + 1);
        return true;
    }

    // The address of the machine that was asked names nothing that it shall fetch.
    private static int OwnPath(ReadOnlySpan<byte> text, int start, int end)
    {
        var target = text[start..end];
        var scheme = target.IndexOf("://"u8);
        if (scheme is < 0 or > LongestMethod)
        {
            return start;
        }

        var host = target[(scheme + 3)..];
        var slash = host.IndexOf((byte)'/');
        host = slash < 0 ? host : host[..slash];
        var named = text[end..Math.Min(text.Length, end + LongestLine)];
        var at = named.IndexOf("\nhost:"u8);
        return slash >= 0 && at >= 0 && named[(at + "\nhost:".Length)..].TrimStart((byte)' ').StartsWith(host) ? start + scheme + 3 + slash : start;
    }

    private static bool IsVersion(ReadOnlySpan<byte> word) =>
        word is [(byte)'h', (byte)'t', (byte)'t', (byte)'p', (byte)'/', _, ..] && word.Length <= 8;

    private static bool IsHeader(ReadOnlySpan<byte> line) => line[..Math.Min(line.Length, LongestName)].IndexOfAnyExcept(NameBytes) is > 0 and var end
        && line[end] == ':';
}

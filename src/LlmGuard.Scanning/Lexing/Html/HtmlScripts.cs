using System.Text;

namespace LlmGuard.Scanning.Lexing.Html;

/// <summary>
/// Tells which stretches of a page are JavaScript: the border between the lexer of HTML and that of scripts. What HTML escapes stays escaped.
/// </summary>
internal static class HtmlScripts
{
    private const int MostAttributes = 64;

    /// <summary>Adds the stretches of a part of a text, in order and apart from each other.</summary>
    public static void Find(ReadOnlySpan<byte> text, int start, int end, List<HtmlScript> scripts)
    {
        text = text[..end];
        var reader = new HtmlTagReader(text);
        reader.EnterAttributes(start);
        while (reader.NextTag())
        {
            var name = text[reader.NameStart..reader.NameEnd];
            var isScript = Is(name, "script"u8) && text[reader.NameStart - 1] == '<';
            for (var i = 0; i < MostAttributes && reader.NextAttribute(out var attribute); i++)
            {
                AddAttribute(text, attribute, scripts);
            }

            if (isScript && text[reader.Position..].IndexOf((byte)'>') is >= 0 and var close)
            {
                var from = reader.Position + close + 1;
                var to = from + EndTag(text[from..]);
                if (to > from)
                {
                    scripts.Add(new HtmlScript(from, to, HtmlScriptPlace.Element));
                }

                reader.EnterAttributes(to);
            }
        }
    }

    private static void AddAttribute(ReadOnlySpan<byte> text, in HtmlAttribute attribute, List<HtmlScript> scripts)
    {
        var name = text[attribute.NameStart..attribute.NameEnd];
        var value = text[attribute.ValueStart..attribute.ValueEnd];
        if (value.IsEmpty)
        {
            return;
        }

        if (name.Length > 2 && Is(name[..2], "on"u8))
        {
            scripts.Add(new HtmlScript(attribute.ValueStart, attribute.ValueEnd, HtmlScriptPlace.Handler));
            return;
        }

        var trimmed = value.TrimStart(" \t\r\n"u8);
        var scheme = "javascript:"u8;
        if (trimmed.Length > scheme.Length && Is(trimmed[..scheme.Length], scheme))
        {
            scripts.Add(new HtmlScript(attribute.ValueEnd - trimmed.Length + scheme.Length, attribute.ValueEnd, HtmlScriptPlace.Address));
        }
    }

    private static int EndTag(ReadOnlySpan<byte> rest)
    {
        for (var at = 0; rest[at..].IndexOf("</"u8) is >= 0 and var found; at += found + 2)
        {
            var name = rest[(at + found + 2)..];
            if (name.Length >= 6 && Is(name[..6], "script"u8))
            {
                return at + found;
            }
        }

        return rest.Length;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(name, lowerCase);
}

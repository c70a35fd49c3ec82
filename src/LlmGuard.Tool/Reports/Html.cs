using System.Net;
using System.Text;

namespace LlmGuard.Tool.Reports;

/// <summary>Writes well-formed markup; text is always escaped.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    public static string Escape(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // What XML cannot hold, not even escaped.
            clean.Append(rune.Value is '\n' or '\t' or (>= 0x20 and not 0x7F and not (>= 0xFFFE and <= 0xFFFF)) ? rune.ToString() : "\uFFFD");
        }

        return WebUtility.HtmlEncode(clean.ToString());
    }

    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public Html Element(string name, string text, string attributes = "") =>
        Raw($"<{name}{(attributes.Length > 0 ? " " : "")}{attributes}>{Escape(text)}</{name}>");

    public Html Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        Raw("<div class=\"wide\"><table><thead><tr>");
        foreach (var cell in head)
        {
            Element("th", cell, "scope=\"col\"");
        }

        Raw("</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            Raw("<tr>").Element("th", row[0], "scope=\"row\"");
            foreach (var cell in row.Skip(1))
            {
                Element("td", cell);
            }

            Raw("</tr>\n");
        }

        return Raw("</tbody></table></div>\n");
    }

    public override string ToString() => _text.ToString();
}

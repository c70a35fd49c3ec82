using System.Text;
using AngleSharp.Html.Parser;
using LlmGuard.Scanning.Lexing.Html;

namespace LlmGuard.Scanning.Tests.Lexing;

/// <summary>
/// The reader of tags against AngleSharp, which follows the standard step by step, on elements that a parser neither moves nor adds.
/// </summary>
public sealed class HtmlDifferentialTests
{
    private const int Documents = 400;

    private static readonly string[] Names = ["b", "i", "span", "em", "code", "x-y", "svg", "img"];
    private static readonly string[] Attributes = ["href", "src", "onclick", "data-a", "style", "x:y", "hidden"];
    private static readonly string[] Values = ["a", "a b", "javascript:alert(1)", "x>y", "a'b", "/", ""];
    private static readonly string[] Spaces = [" ", "\n", "\t", "  ", "/", " / "];

    [Test]
    public void NextTag_GeneratedElements_AreThoseOfAParser()
    {
        var parser = new HtmlParser();
        for (var seed = 0; seed < Documents; seed++)
        {
            var html = Document(new Random(seed));
            var expected = parser.ParseDocument("<!doctype html><body>" + html).Body!.Children
                .Select(e => $"{e.LocalName}:{string.Join(',', e.Attributes.Select(a => $"{a.Name}={a.Value}"))}");
            Assert.That(Read(html), Is.EqualTo(expected), html);
        }
    }

    [TestCase("<script>a</script>", "Element:a")]
    [TestCase("<SCRIPT type=module>var a = '</b>';</ScRiPt >x", "Element:var a = '</b>';")]
    [TestCase("<script src=a></script>", "")]
    [TestCase("<script>a", "Element:a")]
    [TestCase("<p onclick='f(1)' ONLOAD=g>", "Handler:f(1)|Handler:g")]
    [TestCase("<a href=\" JavaScript:f(1)\">", "Address:f(1)")]
    [TestCase("<a href=\"https://x.test/?javascript:f\">", "")]
    [TestCase("<a on>", "")]
    [TestCase("<script>'<script>'</script><b onclick=h>", "Element:'<script>'|Handler:h")]
    public void Find_Page_TellsWhereScriptStands(string html, string expected)
    {
        var (text, scripts) = (Encoding.UTF8.GetBytes(html), new List<HtmlScript>());
        HtmlScripts.Find(text, 0, text.Length, scripts);
        Assert.That(string.Join('|', scripts.Select(s => $"{s.Place}:{Encoding.UTF8.GetString(text, s.Start, s.End - s.Start)}")),
            Is.EqualTo(expected));
    }

    private static List<string> Read(string html)
    {
        var text = Encoding.ASCII.GetBytes(html);
        var reader = new HtmlTagReader(text);
        var found = new List<string>();
        while (reader.NextTag())
        {
            var (name, attributes) = (Encoding.ASCII.GetString(text, reader.NameStart, reader.NameEnd - reader.NameStart), new List<string>());
            var isClosing = text[reader.NameStart - 1] == '/';
            while (reader.NextAttribute(out var attribute))
            {
                attributes.Add($"{Encoding.ASCII.GetString(text, attribute.NameStart, attribute.NameEnd - attribute.NameStart)}={Encoding.ASCII.GetString(text, attribute.ValueStart, attribute.ValueEnd - attribute.ValueStart)}");
            }

            if (!isClosing)
            {
                found.Add($"{name}:{string.Join(',', attributes)}");
            }
        }

        return found;
    }

    private static string Document(Random random)
    {
        var html = new StringBuilder();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var name = Names[random.Next(Names.Length)];
            html.Append('<').Append(name);
            foreach (var attribute in Attributes.Where(_ => random.Next(4) == 0))
            {
                html.Append(Spaces[random.Next(Spaces.Length)]).Append(attribute);
                var value = Values[random.Next(Values.Length)];
                switch (random.Next(4))
                {
                    case 0 when value.All(char.IsAsciiLetter) && value.Length > 0:
                        html.Append('=').Append(value).Append(' ');
                        break;
                    case 1 when !value.Contains('\'', StringComparison.Ordinal):
                        html.Append(" = '").Append(value).Append('\'');
                        break;
                    case 2 or 0 or 1:
                        html.Append("=\"").Append(value).Append('"');
                        break;
                }
            }

            html.Append('>');
            if (name != "img")
            {
                html.Append("text</").Append(name).Append('>');
            }
        }

        return html.ToString();
    }
}

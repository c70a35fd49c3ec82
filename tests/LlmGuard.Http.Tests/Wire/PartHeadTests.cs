using System.Text;
using LlmGuard.Http.Wire.Bodies;

namespace LlmGuard.Http.Tests.Wire;

public sealed class PartHeadTests
{
    [TestCase("Content-Disposition: form-data; name=\"a\"", "a", null)]
    [TestCase("content-disposition:form-data;name=a;filename=\"x y.txt\"", "a", "x y.txt")]
    [TestCase("Content-Disposition: form-data; name=\"a\\\"b;c\"; filename=\"C:\\dir\\f\"", "a\"b;c", "C:\\dir\\f")]
    [TestCase("Content-Disposition: form-data; name=\"a\"; filename*=UTF-8''%e2%82%ac.txt", "a", "UTF-8''\u20AC.txt")]
    [TestCase("Content-Disposition: form-data; name=\"a\"; filename=\"f\"; filename*=UTF-8''g", "a", "f\nUTF-8''g")]
    [TestCase("Content-Type: text/plain", null, null)]
    [TestCase("", null, null)]
    public void Parse_Disposition_GivesNameAndFileName(string lines, string? name, string? fileName)
    {
        var head = PartHead.Parse(Encoding.UTF8.GetBytes(lines));

        Assert.That((head?.Name, head?.FileName), Is.EqualTo((name, fileName)));
    }

    [TestCase("Content-Type: text/plain\r\ncontent-type: image/png", TestName = "Parse_HeaderTwice_IsRefused")]
    [TestCase("Content-Disposition: form-data; name=a; name=b", TestName = "Parse_ParameterTwice_IsRefused")]
    [TestCase("Content-Disposition: form-data; name=\"a", TestName = "Parse_QuoteLeftOpen_IsRefused")]
    [TestCase("Content-Disposition: form-data; name=\"a\"b", TestName = "Parse_TextAfterAQuote_IsRefused")]
    [TestCase("Content-Disposition: form-data; name", TestName = "Parse_ParameterWithoutValue_IsRefused")]
    [TestCase("Content-Type: text/plain\r\n folded", TestName = "Parse_FoldedLine_IsRefused")]
    [TestCase("Content-Type : text/plain", TestName = "Parse_BlankBeforeTheColon_IsRefused")]
    [TestCase("no colon", TestName = "Parse_NoColon_IsRefused")]
    [TestCase("A: b\nC: d", TestName = "Parse_LineFeedAlone_IsRefused")]
    public void Parse_Ambiguous_IsRefused(string lines) => Assert.That(PartHead.Parse(Encoding.UTF8.GetBytes(lines)), Is.Null);

    [Test]
    public void Parse_TooMuch_IsRefused()
    {
        Assert.That(PartHead.Parse(Encoding.UTF8.GetBytes("A: " + new string('x', 20_000))), Is.Null);
        Assert.That(PartHead.Parse(Encoding.UTF8.GetBytes(string.Join("\r\n", Enumerable.Range(0, 33).Select(i => $"A{i}: b")))), Is.Null);
    }

    [TestCase("Content-Transfer-Encoding: base64", true)]
    [TestCase("Content-Transfer-Encoding: quoted-printable", true)]
    [TestCase("Content-Transfer-Encoding: 8bit", false)]
    [TestCase("Content-Encoding: gzip", true)]
    public void Parse_Encoding_IsReported(string line, bool isEncoded) =>
        Assert.That(PartHead.Parse(Encoding.UTF8.GetBytes(line))?.IsEncoded, Is.EqualTo(isEncoded));

    [Test]
    public void Parse_OtherHeadersAndParameters_AreKeptAsText() => Assert.That(
        PartHead.Parse("X-Note: hidden\r\nContent-Disposition: form-data; name=a; note=\"also\""u8)?.Others,
        Is.EqualTo(new[] { "hidden", "also" }));
}

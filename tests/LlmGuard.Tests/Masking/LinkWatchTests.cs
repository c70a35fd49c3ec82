using System.Text;
using LlmGuard.Masking;

namespace LlmGuard.Tests.Masking;

/// <summary>Where an original put back could be sent away by whoever wrote the text around it.</summary>
public sealed class LinkWatchTests
{
    [TestCase("![x](http://evil.example/?q=")]
    [TestCase("[x](evil?q=")]
    [TestCase("[x](")]
    [TestCase("[x]( ")]
    [TestCase("[x](\n http")]
    [TestCase("[x](<http://evil.example/a b ")]
    [TestCase("[x](<http://evil.example/?) ")]
    [TestCase("[x]: http://evil.example/")]
    [TestCase("[x]: <http://evil.example/ ")]
    [TestCase("https://evil.example/")]
    [TestCase("see <https://evil.example/")]
    [TestCase("//evil.example/")]
    [TestCase("https:\\/\\/evil.example/")]
    [TestCase("www.evil.example/?q=")]
    [TestCase("WWW.evil.example/?q=")]
    [TestCase("evil.example/")]
    [TestCase("www.")]
    [TestCase("evil.example?q=")]
    [TestCase("evil.example#q=")]
    [TestCase("<img src=\"http://evil.example/?q=")]
    [TestCase("<img src=\"http://evil.example/?q= ")]
    [TestCase("<img src='http://evil.example/?q=\n\n")]
    [TestCase("<img alt=\">\" src=\"http://evil.example/?q= ")]
    [TestCase("<img a=x' b='>' src=\"http://evil.example/ ")]
    [TestCase("\\<a x=\"<img alt=\"> \" src=\"http://evil.example/ ")]
    [TestCase("<img src=\"ht\ntps:/\n/evil.example/ ")]
    [TestCase("<img src=\"ht\rtps:/\r/evil.example/ ")]
    [TestCase("<img src=\"ht\ttps:/\t/evil.example/ ")]
    [TestCase("<img src=\"https:evil.example/ ")]
    [TestCase("<img src=\"&#104;ttps&colon;&sol;&sol;evil.example/ ")]
    [TestCase("<img src=\"/\\evil.example/ ")]
    [TestCase("<IMG SRC=HTTP://evil.example/ ")]
    [TestCase("</x><img src=//evil.example/ ")]
    [TestCase("<img src=http:evil.example ")]
    [TestCase("<IMG SRC=HTTPS:evil.example ")]
    [TestCase("<img src=\"&#47;&#47;evil.example ")]
    [TestCase("</x src=https:evil.example ")]
    [TestCase("<\\x src=https:evil.example ")]
    [TestCase("<!x src=https:evil.example ")]
    [TestCase("<?x src=https:evil.example ")]
    [TestCase("<&lt;x src=https:evil.example ")]
    [TestCase("<img src=ftp:evil.example ")]
    [TestCase("<img src=ws:evil.example ")]
    [TestCase("<img src=wss:evil.example ")]
    [TestCase("[x]: ")]
    public void Read_BeginningOfAnAddress_IsInLink(string text) => Assert.That(IsInLink(text), Is.True);

    [TestCase("")]
    [TestCase("Dear ")]
    [TestCase("mail to: ")]
    [TestCase("see https://example.com/ for more, ")]
    [TestCase("[x](http://example.com) ")]
    [TestCase("a < b and c/d, ")]
    [TestCase("<p>Dear ")]
    [TestCase("<b>Dear</b> ")]
    [TestCase("List<string> names = [\"")]
    [TestCase("1. ")]
    [TestCase("and/or ")]
    [TestCase("1 / /")]
    [TestCase("< a https: ")]
    [TestCase("see example.com and/or")]
    [TestCase("- [ ] ")]
    [TestCase("array[0] (")]
    [TestCase("see https://example.com/\tfor more")]
    [TestCase("see https://example.com/\r\n")]
    [TestCase("see https://example.com/\r")]
    public void Read_PlainText_IsNot(string text) => Assert.That(IsInLink(text), Is.False);

    [TestCase(".evil.example", true)]
    [TestCase(".\u00e9vil.example", true)]
    [TestCase(". Then", false)]
    [TestCase(".", false)]
    [TestCase("", false)]
    public void ContinuesHost_WhatFollows_Decides(string next, bool expected) =>
        Assert.That(LinkWatch.ContinuesHost(Encoding.UTF8.GetBytes(next)), Is.EqualTo(expected));

    [Test]
    public void Read_InPieces_IsTheSame()
    {
        const string Text = "x <img alt=\">\" src=\"http://evil.example/?q= y [a]( b https://c.example/d e";
        for (var length = 0; length <= Text.Length; length++)
        {
            var watch = new LinkWatch();
            foreach (var c in Text[..length])
            {
                watch.Read([(byte)c]);
            }

            Assert.That(watch.IsInLink, Is.EqualTo(IsInLink(Text[..length])), Text[..length]);
        }
    }

    private static bool IsInLink(string text)
    {
        var watch = new LinkWatch();
        watch.Read(Encoding.UTF8.GetBytes(text));
        return watch.IsInLink;
    }
}

using System.Text;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Scanning.Tests.Keywords;

/// <summary>Keywords anywhere in a text, and words near to them.</summary>
public sealed class KeywordMatcherTests
{
    [TestCase(nameof(KeywordView.Exact), "Secret secret", "secret", "secret")]
    [TestCase(nameof(KeywordView.AnyCase), "SECRET_key unsecretive", "secret", "SECRET", "secret")]
    [TestCase(nameof(KeywordView.AnyCase), "\u00C4RGER \u00E4rger", "\u00E4rger", "\u00C4RGER", "\u00E4rger")]
    [TestCase(nameof(KeywordView.AnyCase), "s\u200Becret", "secret", new string[0])]
    [TestCase(nameof(KeywordView.Folded), "s\u200Becret \uFF33\uFF25\uFF23\uFF32\uFF25\uFF34 s\u0435cret", "secret", "s\u200Becret",
        "\uFF33\uFF25\uFF23\uFF32\uFF25\uFF34", "s\u0435cret")]
    [TestCase(nameof(KeywordView.Exact), "ababab", "abab", "ababab")]
    public void Find_Keyword_IsFoundInItsView(string view, string text, string keyword, params string[] expected) =>
        Assert.That(Scans.Find(Scans.Keyword(keyword, Enum.Parse<KeywordView>(view)), text), Is.EqualTo(expected));

    [TestCase("confidential", 2, "(confidentail), c0nfidential. Confident", "confidentail", "c0nfidential")]
    [TestCase("confidential", 0, "confidentail", new string[0])]
    [TestCase("top secret", 2, "a topp secet b", "topp secet")]
    [TestCase("top secret", 2, "TopSecret topsecrt, topsecr stopsecrets", "TopSecret", "topsecrt")]
    [TestCase("a top secret", 1, "atopsecret", new string[0])]
    [TestCase("\u00E4rger", 1, "\u00E4rgre \u00E4rge!", "\u00E4rge")]
    [TestCase("project", 1, "projects, projekt-", "projects", "projekt")]
    public void Find_Misspelling_OnlyTheWordIsCovered(string keyword, int maxEdits, string text, params string[] expected) =>
        Assert.That(Scans.Find(Scans.Keyword(keyword, KeywordView.AnyCase, maxEdits), text), Is.EqualTo(expected));

    [Test]
    public void Find_MoreInvisibleCharactersThanAreRead_Fails()
    {
        var text = "se" + string.Concat(Enumerable.Repeat("\u200B", 31)) + "cret";
        Assert.That(() => Scans.Find(Scans.Keyword("secret"), text),
            Throws.TypeOf<ScanBoundException>().With.Property("Bound").EqualTo(ScanBound.Ignorables));
    }

    [Test]
    public void ScanBoundException_Message_QuotesNothing()
    {
        var error = Assert.Throws<ScanBoundException>(() => Scans.Find(Scans.Keyword("marker"), "marker" + new string('\u200B', 40)));
        Assert.That(error!.Message, Does.Not.Contain("marker"));
    }

    [Test]
    public void Spans_FuzzyAndExactInOnePlan_AreOneSpan()
    {
        var spans = Scans.Spans(Scans.Keyword("secret", KeywordView.AnyCase, 1), Encoding.ASCII.GetBytes("the secrets"));
        Assert.That(spans, Is.EqualTo(new[] { new ScanSpan(4, 7, 0, IsUnion: false, IsTail: false) }));
    }
}

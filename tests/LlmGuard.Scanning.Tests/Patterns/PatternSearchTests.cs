using System.Text;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Tests.Patterns;

/// <summary>Whole texts: matches of any length in one piece.</summary>
public sealed class PatternSearchTests
{
    [TestCase(@"\b\d{3}-\d{2}-\d{4}\b", "é123-45-6789é", "123-45-6789", Description = "an accented letter is no word character")]
    [TestCase(@"\Bcat", "concat cat", "cat")]
    [TestCase(@"[^]a]b", "ab]bxb", "xb")]
    [TestCase(@"\\b", @"a\b", @"\b")]
    [TestCase("(?P<year>[0-9]{4})", "in 1984", "1984")]
    [TestCase("secret", "SECRET")]
    [TestCase("日.", "x日本y", "日本")]
    [TestCase(@"x\s?", "é😀x ", "x ")]
    [TestCase(".", "a😀é", "a", "😀", "é")]
    [TestCase("a", "")]
    public void Find_Text_GivesTheSpansInBytes(string pattern, string text, params string[] expected) =>
        Assert.That(Find(new PatternSearch(PatternProgram.Compile(pattern)), text), Is.EqualTo(expected));

    [TestCase("<.*?>")]
    [TestCase("<-+>")]
    [TestCase("<-*>?")]
    public void Find_MatchOfAnyLength_IsOne(string pattern)
    {
        var text = "<" + new string('-', 5 * PatternRun.MaxPiece) + ">";
        Assert.That(Find(new PatternSearch(PatternProgram.Compile(pattern)), "x" + text + "<->"), Is.EqualTo(new[] { text, "<->" }));
    }

    [TestCase("(a+)+b", "a")]
    [TestCase("a.*b.*c.*d", "abc")]
    [TestCase("a.*", "a")]
    [TestCase("(?i)x*y*z*!", "xyz")]
    public void Find_HostileText_WorkIsLinear(string pattern, string unit)
    {
        var search = new PatternSearch(PatternProgram.Compile(pattern));
        var small = Steps(search, unit, 4000);
        Assert.That(Steps(search, unit, 64_000), Is.LessThanOrEqualTo(18 * small));
    }

    [Test]
    public void Find_AfterTheBoundWasHit_SearchesTheNextTextAfresh()
    {
        var search = new PatternSearch(PatternProgram.Compile("a(?:.*b)?"));
        Assert.That(() => Steps(search, "a", 64_000), Throws.TypeOf<ScanBoundException>().With.Property("Bound").EqualTo(ScanBound.PatternSteps));
        Assert.That(Find(search, "xaxbx"), Is.EqualTo(new[] { "axb" }));
    }

    private static long Steps(PatternSearch search, string unit, int length)
    {
        search.Find(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(unit, length / unit.Length))));
        return search.Steps;
    }

    private static string[] Find(PatternSearch search, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return [.. search.Find(utf8).Select(m => Encoding.UTF8.GetString(utf8, (int)m.Start, (int)(m.End - m.Start)))];
    }
}

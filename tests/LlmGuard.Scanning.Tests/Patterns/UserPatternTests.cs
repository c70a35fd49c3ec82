using System.Text;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Tests.Patterns;

public sealed class UserPatternTests
{
    [TestCase(@"\b\d{3}-\d{2}-\d{4}\b", "é123-45-6789é", "123-45-6789", Description = "an accented letter is no word character")]
    [TestCase(@"\bcat\b", "concat cat_ cat", "cat")]
    [TestCase(@"\Bcat", "concat cat", "cat")]
    [TestCase(@"[\b]x", "\bx", "\bx", Description = "backspace in a class")]
    [TestCase(@"[]\b]+", "a]\b]", "]\b]")]
    [TestCase(@"[^]a]b", "ab]bxb", "xb")]
    [TestCase(@"[a-z-[\b-c]]+\b", "dda", null)]
    [TestCase(@"[a-z-[a-c]]+\b", "dd a", "dd")]
    [TestCase(@"\\b", @"a\b", @"\b")]
    [TestCase("(?P<year>[0-9]{4})", "in 1984", "1984")]
    [TestCase("(?i)secret", "SeCrEt", "SeCrEt")]
    [TestCase("secret", "SECRET", null)]
    [TestCase("日.", "x日本y", "日本")]
    [TestCase(@"x\s?", "é😀x ", "x ")]
    public void TryFind_Text_GivesTheSpanInBytes(string pattern, string text, string? expected)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Assert.That(Find(pattern, utf8), Is.EqualTo(expected is null ? Array.Empty<string>() : [expected]));
    }

    [Test]
    public void ToBytes_MatchThatCutsSurrogatePairs_IsWidenedToCodePoints()
    {
        Assert.That(Find(".", "a😀é"u8.ToArray()), Is.EqualTo(new[] { "a", "😀", "é" }));
    }

    [TestCase("", "must not be empty")]
    [TestCase("(abc", "is not a valid regular expression: InsufficientClosingParentheses at character 4")]
    [TestCase("(?=abc)x", "uses lookaround")]
    [TestCase("(?<!abc)x", "uses lookaround")]
    [TestCase(@"(a)\1", "uses lookaround, a backreference")]
    [TestCase("(?>a+)b", "uses lookaround, a backreference, an atomic group")]
    [TestCase("(?:(?:x{1000}){1000}){1000}", "too large a repetition")]
    [TestCase("a*", "matches the empty text")]
    [TestCase("[[:alpha:]]+", "POSIX classes")]
    public void TryCreate_UnusablePattern_SaysWhyWithoutQuotingIt(string pattern, string reason)
    {
        Assert.That(UserPattern.TryCreate(pattern, false, UserPattern.DefaultTimeout, out var problem), Is.Null);
        Assert.That(problem, Does.Contain(reason));
        Assert.That(problem, Does.Not.Contain("abc"));
    }

    [Test]
    public void TryFind_PatternThatExplodes_ReportsTheBound()
    {
        var pattern = UserPattern.TryCreate("(a+)+$", false, TimeSpan.FromMilliseconds(20), out _)!;
        Assert.That(pattern.TryFind(new string('a', 40) + "!", []), Is.False);
    }

    private static List<string> Find(string pattern, byte[] utf8)
    {
        using var decoded = new DecodedText(utf8);
        var spans = new List<(int Start, int Length)>();
        var found = UserPattern.TryCreate(pattern, false, UserPattern.DefaultTimeout, out var problem);
        Assert.That(problem, Is.Null);
        Assert.That(found!.TryFind(decoded.Chars, spans), Is.True);
        decoded.ToBytes(spans);
        return [.. spans.Select(s => Encoding.UTF8.GetString(utf8, s.Start, s.Length))];
    }
}

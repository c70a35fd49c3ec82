using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>What is found in a view covers exactly what stands for it, and what cannot be viewed within bounds is an error.</summary>
public sealed class ViewSpanTests
{
    private static readonly ScanPlan Email = Scans.Entities(ScanViews.All, "email");

    private static readonly ScanPlan All = Scans.Entities(ScanViews.All, EntityCatalog.Ids);

    [TestCase("to joe%40example.com!", "joe%40example.com")]
    [TestCase("to j&#x6f;e&commat;example&#46;com!", "j&#x6f;e&commat;example&#46;com")]
    [TestCase("to \\u006aoe\\x40example.com!", "\\u006aoe\\x40example.com")]
    [TestCase("to joe&percnt;40example.com!", "joe&percnt;40example.com")]
    [TestCase("to \uFF4A\uFF4F\uFF45\uFF20example.com!", "\uFF4A\uFF4F\uFF45\uFF20example.com")]
    [TestCase("to joe\u200B@exam\u00ADple.com\u200B!", "joe\u200B@exam\u00ADple.com")]
    [TestCase("to \U0001D423oe@example.com!", "\U0001D423oe@example.com")]
    [TestCase("to x\U000E006A\U000E006F\U000E0065\U000E0040\U000E0062\U000E002E\U000E0063\U000E006F!",
        "\U000E006A\U000E006F\U000E0065\U000E0040\U000E0062\U000E002E\U000E0063\U000E006F")]
    public void Find_InView_CoversExactlyThis(string text, string expected) => Assert.That(Scans.Find(Email, text), Is.EqualTo(new[] { expected }));

    [TestCase("card:\\n4111111111111111\\nok", "4111111111111111")]
    [TestCase("a\\tDE89370400440532013000\\tb", "DE89370400440532013000")]
    [TestCase("a\\r\\nAKIAQ3EGRZ7WYX5ZKLMN\\r\\n", "AKIAQ3EGRZ7WYX5ZKLMN")]
    [TestCase("{\\\\\"a\\\\\": \\\\\"x\\\\n4111111111111111\\\\\"}", "4111111111111111")]
    [TestCase("call me:\\n+44 20 7946 0958\\nThanks", "+44 20 7946 0958")]
    [TestCase("a\\njoe@example.com\\nb", "joe@example.com")]
    public void Find_BehindALineBreakThatIsSpeltOut_CoversExactlyThis(string text, string expected) =>
        Assert.That(Scans.Find(All, text), Is.EqualTo(new[] { expected }));

    [Test]
    public void Find_InBase64_CoversTheCharactersThatHoldTheBytes([Values(0, 1, 2, 3, 4, 5)] int before,
        [Values("", "x", "ab", "path/to/")] string glued)
    {
        var encoded = Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('.', before) + " joe@example.com, and so on"));
        var text = glued + encoded;
        var start = glued.Length + ((before + 1) * 8 / 6);
        var end = glued.Length + ((((before + 1 + 15) * 8) + 5) / 6);
        Assert.That(Scans.Find(Email, text), Is.EqualTo(new[] { text[start..end] }));
    }

    [Test]
    public void Find_InHex_CoversTheDigitsOfTheBytes() => Assert.That(
        Scans.Find(Email, "0x" + Convert.ToHexString("to joe@example.com, now"u8)),
        Is.EqualTo(new[] { Convert.ToHexString("joe@example.com"u8) }));

    [TestCase("the/path/to/some/InterestingIdentifierOfALongName and anotherVeryLongIdentifierName1234567890")]
    [TestCase("d41d8cd98f00b204e9800998ecf8427e 7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069")]
    [TestCase("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")]
    [TestCase("100% sure & AT&T \\u \\x %zz &#; &unknown; \U0001F468\u200D\U0001F469\u200D\U0001F467 \u0645\u0631\u062D\u0628\u0627 \u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35")]
    [TestCase("\u041C\u0430\u0440\u0438\u043D\u0430 \u0436\u0438\u0432\u0435\u0442 \u0432 \u041C\u043E\u0441\u043A\u0432\u0435, \u6771\u4EAC\u90FD\uFF11\uFF12\u756A")]
    public void Find_HarmlessText_FindsNothing(string text) => Assert.That(Scans.Find(All, text), Is.Empty);

    [Test]
    public void Scan_InvisibleCharactersInARow_ThirtyAreReadAndMoreAreAnError()
    {
        Assert.That(Scans.Find(Email, $"joe{new string('\u200B', 30)}@example.com"), Has.Length.EqualTo(1));
        Assert.That(BoundOf(Email, $"joe{new string('\u200B', 31)}@example.com"), Is.EqualTo(ScanBound.Ignorables));
        Assert.That(BoundOf(Email, $"a{string.Concat(Enumerable.Repeat("%E2%80%8B", 31))}b"), Is.EqualTo(ScanBound.Ignorables));
    }

    [Test]
    public void Scan_EncodedTooOften_IsAnError()
    {
        var text = "write to joe@example.com";
        for (var i = 0; i < 3; i++)
        {
            text = Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
            Assert.That(Scans.Find(Email, text), Has.Length.EqualTo(1));
        }

        Assert.That(BoundOf(Email, Convert.ToBase64String(Encoding.ASCII.GetBytes(text))), Is.EqualTo(ScanBound.ViewDepth));
    }

    [Test]
    public void Scan_ViewOfTooMuchText_IsAnError() =>
        Assert.That(BoundOf(Email, string.Concat(Enumerable.Repeat("&#0000097;", 2000))), Is.EqualTo(ScanBound.ViewLength));

    [TestCase("sp\u0430ced c o n f i d e n t i a l text", "c o n f i d e n t i a l")]
    [TestCase("c-o-n-f-i-d-e-n-t-i-a-l", "c-o-n-f-i-d-e-n-t-i-a-l")]
    [TestCase("it is c0nf1d3nti@l.", "c0nf1d3nti@l")]
    [TestCase("it is C 0 N F I D E N T I A L.", "C 0 N F I D E N T I A L")]
    [TestCase("c o n f i d e n t i a", null)]
    [TestCase("ac o n f i d e n t i a l", null)]
    [TestCase("c o n f i d e n t i a lx", null)]
    public void Find_DisguisedKeyword_CoversExactlyThis(string text, string? expected) => Assert.That(
        Scans.Find(Scans.Keyword("confidential"), text), Is.EqualTo(expected is null ? [] : new[] { expected }));

    [Test]
    public void Find_WordOfDigits_IsNoDisguise() => Assert.That(Scans.Find(Scans.Keyword("tool"), "7001 70 01 and 1337"), Is.Empty);

    [TestCase("%25")]
    [TestCase("&#x26;")]
    [TestCase("%&\\u")]
    [TestCase("&amp")]
    [TestCase("aGVsbG8gd29ybGQg")]
    [TestCase("YUdWc2JHOGdkMjl5YkdRZw")]
    [TestCase("3533362d32322d38")]
    [TestCase("\u00E9\u0301a")]
    [TestCase("\uFF11\uFF12-")]
    [TestCase("\U000E0041xyz")]
    [TestCase("a b c d ")]
    [TestCase("c0nf1")]
    [TestCase("abcdefghijk ")]
    [TestCase("abcdefghijkl ")]
    public void Scan_HostileText_WorkIsLinear(string unit)
    {
        var plan = new ScanPlan(
        [
            .. EntityCatalog.Ids.Select(id => new ScanRule.Entity(EntityCatalog.Find(id)!)),
                new ScanRule.Keyword(new KeywordRule("confidential", KeywordView.Folded, 2)),
            new ScanRule.Keyword(new KeywordRule("abcd abcd", KeywordView.Folded, 0)),
        ]);
        var (small, large) = (Steps(plan, unit, 8192), Steps(plan, unit, 16 * 8192));
        Assert.That(large, Is.LessThanOrEqualTo(18 * (small + plan.LongestMatch)), $"{small} steps, then {large}");
    }

    private static long Steps(ScanPlan plan, string unit, int length)
    {
        var session = plan.NewSession();
        session.Scan(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, length / unit.Length))), []);
        return session.Matchers.Sum(m => m.Steps);
    }

    private static ScanBound BoundOf(ScanPlan plan, string text) => Assert.Throws<ScanBoundException>(() => Scans.Find(plan, text))!.Bound;
}

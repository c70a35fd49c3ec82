using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Tests.Patterns;

/// <summary>The linear matcher: the syntax and the meaning of Go, the matches of a backtracking engine.</summary>
public sealed class PatternRunTests
{
    private static readonly string[] Atoms =
        ["a", "b", "c", "[ab]", "[^a]", ".", "\\d", "\\w", "\\s", "(?:ab)", "(?:a|bc)", "(?:bc|b)", "\\b", "\\B", "a\\b", "\\bc", "1", " "];
    private static readonly string[] Counts = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}?", "{0,2}"];

    [TestCase("(?i)password=\\S+", "x PassWord=hunter2! y", "PassWord=hunter2!")]
    [TestCase("INT-\\d{6}", "INT-1234567", "INT-123456")]
    [TestCase("\\bcode\\b", "\u00E9code code_ code\u00E9 -code", "code", "code", "code")]
    [TestCase("\\d+", "12 \u0663\u0664 3", "12", "3")]
    [TestCase("a$", "a\na", "a")]
    [TestCase("(?m)^a$", "a\na\nba", "a", "a")]
    [TestCase("^a", "aa", "a")]
    [TestCase("a|ab", "ab ab", "a", "a")]
    [TestCase("ab?c??", "abc", "ab")]
    [TestCase("(?U)a+b", "aab", "aab")]
    [TestCase("x.z", "x\nz x\u20ACz", "x\u20ACz")]
    [TestCase("(?s)x.z", "x\nz", "x\nz")]
    [TestCase("(?i)stra\u00DFe|\u00C4pfel", "\u00E4PFEL", "\u00E4PFEL")]
    [TestCase("(?i)k", "\u212A", "\u212A")]
    [TestCase("\\p{Lu}\\pN", "\u00C45 a5", "\u00C45")]
    [TestCase("[^\\x00-\\x7F]+", "a\u20AC\u00E9b", "\u20AC\u00E9")]
    [TestCase("[[:alpha:]-]+", "a-b1", "a-b")]
    [TestCase("[]a]+", "]a", "]a")]
    [TestCase("\\Qa.b\\E+", "a.bbb axb", "a.bbb")]
    [TestCase("a{,2}", "a{,2}", "a{,2}")]
    [TestCase("(?P<name>x)(?i:Y)z", "xyz xyZ", "xyz")]
    public void Find_Pattern_MatchesLikeGo(string pattern, string text, params string[] expected) =>
        Assert.That(Scans.Find(Scans.Patterns(pattern), text), Is.EqualTo(expected));

    [TestCase("a(?=b)", "look-around")]
    [TestCase("(?<!a)b", "look-around")]
    [TestCase("(a)\\1", "back-reference")]
    [TestCase("(?>a)", "atomic")]
    [TestCase("a++", "repetition")]
    [TestCase("a**", "repetition")]
    [TestCase("*a", "repetition sign")]
    [TestCase("(a", "not closed")]
    [TestCase("a)", "closing parenthesis")]
    [TestCase("[a", "not closed")]
    [TestCase("[b-a]", "out of order")]
    [TestCase("a{2,1}", "out of order")]
    [TestCase("a{1001}", "above 1000")]
    [TestCase("(a{100}){100}", "too large")]
    [TestCase("a*", "empty text")]
    [TestCase("\\b", "empty text")]
    [TestCase("\\p{Greek}", "Unicode class")]
    [TestCase("\\y", "unknown escape")]
    [TestCase("a\\", "backslash")]
    public void Compile_BadPattern_SaysWhyWithoutQuotingIt(string pattern, string reason)
    {
        var refusal = Assert.Throws<FormatException>(() => PatternProgram.Compile("MARKER|" + pattern));
        Assert.That(refusal!.Message, Does.Contain(reason).And.Not.Contain("MARKER"));
    }

    [FsCheck.NUnit.Property(MaxTest = 3000, Replay = "(7,11)")]
    public Property Find_AnyPattern_AgreesWithBacktracking() => Prop.ForAll(Arb.From(Cases()), static sample =>
    {
        var (pattern, text) = sample;
        string[] found;
        try
        {
            found = Scans.Find(Scans.Patterns(pattern), text);
        }
        catch (FormatException)
        {
            // Matches the empty text: refused.
            return;
        }

        var reference = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        Assert.That(found, Is.EqualTo(reference.Matches(text).Select(m => m.Value).ToArray()), $"{pattern} on \"{text}\"");
    });

    [Test]
    public void Find_MatchOfManyPieces_IsCoveredWhole()
    {
        var text = "key=" + new string('x', 10_000) + " rest";
        Assert.That(Scans.Mask(Scans.Patterns("key=\\S+"), text), Is.EqualTo("[MASKED_0] rest"));
    }

    [Test]
    public void Find_MatchThatIsDecidedTooFarOn_CoversItsLastBytes()
    {
        var text = "foo" + new string('-', 5000) + "bar!";
        var masked = Scans.Mask(Scans.Patterns("foo.*?bar"), text);
        Assert.That(masked, Does.StartWith("foo--").And.EndWith("[MASKED_0]!"));
        Assert.That(masked, Has.Length.EqualTo(text.Length - PatternRun.MaxPiece + "[MASKED_0]".Length));
    }

    [TestCase("(a+)+b", "a")]
    [TestCase("(a|aa)+b", "a")]
    [TestCase("a.*b.*c.*d", "abc")]
    [TestCase("[\\w.]+@[\\w.]+\\.com", "a.a")]
    [TestCase("(?i)x*y*z*!", "xyz")]
    public void Find_HostileText_WorkIsLinear(string pattern, string unit)
    {
        var plan = Scans.Patterns(pattern);
        Assert.That(Steps(plan, unit, 16) / (double)Steps(plan, unit, 1), Is.LessThanOrEqualTo(18));
    }

    [Test]
    public void Find_PatternThatLooksAheadAgainAndAgain_HitsTheBoundInsteadOfRunning()
    {
        var plan = Scans.Patterns("a(?:.*b)?");
        Assert.That(() => Steps(plan, "a", 16), Throws.TypeOf<ScanBoundException>().With.Property("Bound").EqualTo(ScanBound.PatternSteps));
    }

    private static long Steps(ScanPlan plan, string unit, int factor)
    {
        var session = plan.NewSession();
        session.Scan(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(unit, 4000 * factor / unit.Length))), []);
        return session.Matchers.Sum(m => m.Steps);
    }

    private static Gen<(string Pattern, string Text)> Cases() =>
        from branches in Gen.Choose(1, 2)
        from pattern in Gen.ArrayOf(Gen.ArrayOf(Gen.Elements(Atoms), 4).Zip(Gen.ArrayOf(Gen.Elements(Counts), 4)), branches)
        from text in Gen.ArrayOf(Gen.Elements("a", "b", "c", "1", " ", "_", "ab", "bc"), 12)
        select (string.Join('|', pattern.Select(p => string.Concat(p.Item1.Zip(p.Item2, Quantify)))), string.Concat(text));

    private static string Quantify(string atom, string count) => atom.Contains("\\b", StringComparison.OrdinalIgnoreCase) ? atom : atom + count;
}

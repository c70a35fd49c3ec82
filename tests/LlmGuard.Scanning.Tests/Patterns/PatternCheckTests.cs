using FsCheck.Fluent;
using LlmGuard.Scanning.Patterns;
using LlmGuard.Scanning.Tests.Folding;

namespace LlmGuard.Scanning.Tests.Patterns;

/// <summary>A matcher that overlooks something is caught when the policy is loaded, and no sound pattern is refused.</summary>
public sealed class PatternCheckTests
{
    private static readonly string[] Atoms =
        ["a", "b", "[ab]", "[^a]", ".", "\\d", "\\w", "\\s", "\\S", "(?:ab)", "(?:a|bc)", "(?:a|ab)", "\\b", "\\B", "(?i:K)", "(?i:[^x-z])", "1", " ",
            "[a-z\\d_-]", "(a*)", "^", "$", "(?m:^)", "(?m:$)", "\\."];

    private static readonly string[] Counts = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}?", "{0,3}"];

    private static readonly string[] Sound =
    [
        @"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,24}\b", @"\(?\b[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b",
            @"(?i)\b(?:password|pwd)\s*[:=]\s*\S{6,128}",
        @"\bgh[pousr]_[A-Za-z0-9]{36,255}\b", @"PRJ-\d{4}", @"^INT-\d+$", @"(?m)^key: .*$", @"(?s)begin.*?end", "(?P<year>[0-9]{4})",
            @"[[:alpha:]]+x", @"\p{Lu}+x", @"\Qa.b\E", "信頼", "[a-z-[aeiou]]",
        "[]a]+", "a{,2}", "(?U)a+b", "(a|b*)*c", "(?:a?){3}b", @"\S{2}\B\.+\B", @"(?i:[^x-z])+\b", "x*y", "(?i)straße",
    ];

    private static readonly (string Name, Func<PatternProgram, byte[], IReadOnlyList<Candidate>> Find)[] BrokenEngines =
    [
        ("finds nothing", static (_, _) => []),
        ("loses what follows a match", static (program, text) => [.. Real(program, text).Take(1)]),
        ("ends a byte early", static (program, text) => [.. Real(program, text).Select(m => m with { End = m.End - 1 })]),
        ("starts a byte late", static (program, text) => [.. Real(program, text).Select(m => m with { Start = m.Start + 1 })]),
        ("loses what touches the end", static (program, text) => [.. Real(program, text).Where(m => m.End < text.Length)]),
        ("takes near misses", static (program, text) => Real(program, text) is { Count: > 0 } found ? found : [new Candidate(0, 1, 0)]),
        ("regards case", static (program, text) =>
            Real(program, System.Text.Encoding.ASCII.GetBytes(System.Text.Encoding.ASCII.GetString(text).Replace('A', '#').Replace('E', '#')))),
    ];

    [TestCaseSource(nameof(Sound))]
    public void Compile_SoundPattern_IsAccepted(string pattern) =>
        Assert.That(new PatternCheck().Compile(pattern), Is.EqualTo(PatternProgram.Compile(pattern)));

    [Test]
    public void Compile_GeneratedPatterns_AreAccepted() => Laws.AssertHolds(
        from branches in Gen.Choose(1, 2)
        from pattern in Gen.ArrayOf(Gen.ArrayOf(Gen.Elements(Atoms).Zip(Gen.Elements(Counts)), 4), branches)
        select string.Join('|',
            pattern.Select(p =>
            string.Concat(p.Select(static x => x.Item1 is "^" or "$" || x.Item1.StartsWith("\\b", StringComparison.OrdinalIgnoreCase)
            || x.Item1.StartsWith("(?m", StringComparison.Ordinal) ? x.Item1 : x.Item1 + x.Item2)))),
        pattern =>
        {
            try
            {
                PatternProgram.Compile(pattern);
            }
            catch (FormatException)
            {
                return true;
            }

            new PatternCheck().Compile(pattern);
            return true;
        },
        400);

    [Test]
    public void Compile_BrokenEngine_IsRefusedWithoutQuotingThePattern([Range(0, 6)] int number)
    {
        var refusal = Assert.Throws<FormatException>(() => new PatternCheck(BrokenEngines[number].Find).Compile("(?i)MARKER[a-e]{2,4}"),
            BrokenEngines[number].Name);
        Assert.That(refusal!.Message, Does.Contain("report").And.Not.Contain("MARKER"));
    }

    [Test]
    public void Compile_ComparablePattern_IsCompared()
    {
        var check = new PatternCheck();
        check.Compile("PRJ-[0-9]{4}");
        Assert.That(check.Compared, Is.EqualTo(16));
    }

    [TestCase(@"\p{Lu}x", Description = "a class in which the two disagree about case")]
    [TestCase("[[:alpha:]]x", Description = "a class here, two there")]
    [TestCase("[^]a-z-[x]]", Description = "a class there")]
    [TestCase("(a*)+b", Description = "a loop around something that may be empty")]
    [TestCase("(?P<year>[0-9]{4})", Description = "refused by .NET")]
    [TestCase("信頼", Description = "no match of ASCII")]
    public void Compile_PatternThatTheTwoReadDifferently_IsNotCompared(string pattern)
    {
        var check = new PatternCheck(BrokenEngines[0].Find);
        check.Compile(pattern);
        Assert.That(check.Compared, Is.Zero);
    }

    [Test]
    public void Compile_PatternThatBacktracksWithoutEnd_IsAccepted() =>
        Assert.That(() => new PatternCheck().Compile("(a+)+(a+)+(a+)+b!"), Throws.Nothing);

    [TestCase(@"\.+\B", "..a", 0, 1)]
    [TestCase("a|ab", "ab", 0, 1)]
    [TestCase("a{2,3}?", "aaaa", 0, 2, 2, 4)]
    [TestCase("(?m)^b$", "a\nb\nbc", 2, 3)]
    [TestCase("(a+)+b", "aaab aab", 0, 4, 5, 8)]
    public void Definition_Pattern_MatchesInTheOrderOfItsAlternatives(string pattern, string text, params int[] expected) => Assert.That(
        PatternDefinition.Matches(PatternParser.Parse(pattern), text)!.SelectMany(m => new[] { (int)m.Start, (int)m.End }), Is.EqualTo(expected));

    [Test]
    public void Definition_PatternThatBacktracksWithoutEnd_GivesUp() =>
        Assert.That(PatternDefinition.Matches(PatternParser.Parse("(a+)+b"), new string('a', 60)), Is.Null);

    [Test]
    public void Compile_InvalidPattern_SaysWhatIsWrongWithIt() =>
        Assert.That(() => new PatternCheck().Compile("(a"), Throws.TypeOf<FormatException>().With.Message.Contains("not closed"));

    private static List<Candidate> Real(PatternProgram program, byte[] text) => new PatternSearch(program).Find(text);
}

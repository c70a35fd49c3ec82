using System.Text.RegularExpressions;
using LlmGuard.Scanning.Patterns;
using LlmGuard.Tests.Fuzzing;

namespace LlmGuard.Scanning.Tests.Patterns;

/// <summary>The syntax of patterns, which is Go's: what each form stands for, and that whatever is none is refused by its place.</summary>
public sealed class PatternSyntaxTests
{
    private const int Characters = 0x250;

    // Forms of which .NET means the same.
    private static readonly string[] SharedForms =
    [
        @"\a", @"\f", @"\n", @"\r", @"\t", @"\v", @"\x41", @"\xe9", @"\0", @"\012", @"\101", @"\.", @"\\", @"\]", @"[\a-\r]", @"[\x41-\x43]",
            "[^a-z]",
        "[^]]", "[]a]", "[a-]", "[-a]", @"[\101-\103]", @"\p{Lu}", @"\P{Lu}", @"[\p{Nd}_]", @"[^\P{L}]", @"[\P{L}a]", @"\p{Pd}", "[.]", "[$^|]",
    ];

    private static readonly (string Name, Func<char, bool> Is)[] PosixClasses =
    [
        ("alnum", char.IsAsciiLetterOrDigit), ("alpha", char.IsAsciiLetter), ("ascii", char.IsAscii), ("blank", static c => c is ' ' or '\t'),
        ("cntrl", static c => c < 0x80 && char.IsControl(c)), ("digit", char.IsAsciiDigit), ("graph", static c => c is > ' ' and < (char)0x7F),
        ("lower", char.IsAsciiLetterLower), ("print", static c => c is >= ' ' and < (char)0x7F),
        ("punct", static c => char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c))),
        ("space", static c => c < 0x80 && char.IsWhiteSpace(c)), ("upper", char.IsAsciiLetterUpper),
        ("word", static c => char.IsAsciiLetterOrDigit(c) || c == '_'), ("xdigit", char.IsAsciiHexDigit),
    ];

    private static readonly string[] Pieces =
    [
        "a", "b", "[", "]", "[:", ":]", "[[:", "alpha", "^", "-", "\\", "\\x", "\\x{", "}", "{", "2", ",", "(", ")", "(?", "P<", ">", "i", ":", "|",
            "*", "+", "?", "\\p",
        "\\P{", "Lu", "\\Q", "\\E", "\\d", "\\1", "\\0", "7", "8", ".", "$", "\\b", "\\z", "é", "😀", "\uD83D", "\0", "=", "!", "<",
    ];

    [TestCaseSource(nameof(SharedForms))]
    public void Parse_FormThatIsDotNetsToo_TakesTheSameCharacters(string pattern)
    {
        var same = new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant);
        Assert.That(Taken(pattern), Is.EqualTo(Where(c => same.IsMatch(c.ToString()))));
    }

    [TestCase(@"\x{41}", "A")]
    [TestCase(@"\x{e9}", "é")]
    [TestCase(@"[\x{1F600}a]", "a")]
    [TestCase(@"\12", "\n")]
    [TestCase(@"\PL", null)]
    [TestCase(@"\p{^L}", null, Description = "all but letters")]
    [TestCase(@"\P{^Lu}", "upper")]
    [TestCase(@"\p{Any}", "any")]
    [TestCase(@"[^\d\D]", "")]
    public void Parse_FormOfGo_TakesItsCharacters(string pattern, string? characters) => Assert.That(Taken(pattern), Is.EqualTo(characters switch
    {
        null => Where(static c => !char.IsLetter(c)),
        "upper" => Where(char.IsUpper),
        "any" => Where(static _ => true),
        _ => characters,
    }));

    [Test]
    public void Parse_PosixClass_TakesItsCharacters()
    {
        foreach (var (name, isOne) in PosixClasses)
        {
            Assert.That(Taken($"[[:{name}:]]"), Is.EqualTo(Where(isOne)), name);
            Assert.That(Taken($"[[:^{name}:]]"), Is.EqualTo(Where(c => !isOne(c))), $"no {name}");
            Assert.That(Taken($"[^[:{name}:]]"), Is.EqualTo(Where(c => !isOne(c))), $"none of {name}");
            Assert.That(Taken($"[[:{name}:]é]"), Is.EqualTo(Where(c => isOne(c) || c == 'é')), $"{name} and another");
        }
    }

    [TestCase("[[:]x]", "an unknown class within brackets, near character 1")]
    [TestCase("[[:alpha]", "an unknown class within brackets, near character 1")]
    [TestCase("[[:nobody:]]", "an unknown class within brackets, near character 1")]
    [TestCase(@"[a\b]", "a condition within brackets, near character 4")]
    [TestCase("[b-a]", "a range that is out of order, near character 4")]
    [TestCase(@"[a-\d]", "a range that is out of order, near character 5")]
    [TestCase("[a", "a bracket that is not closed, near character 2")]
    [TestCase("a\\", "a backslash at the end, near character 2")]
    [TestCase(@"(a)\1", "a back-reference, which cannot be matched in linear time")]
    [TestCase(@"\8", "a back-reference, which cannot be matched in linear time")]
    [TestCase(@"\y", "an unknown escape, near character 2")]
    [TestCase(@"\x4", "a hexadecimal escape without a character, near character 2")]
    [TestCase(@"\x{}", "a hexadecimal escape without a character, near character 2")]
    [TestCase(@"\x{110000}", "a hexadecimal escape without a character, near character 2")]
    [TestCase(@"\x{D800}", "a hexadecimal escape without a character, near character 2")]
    [TestCase(@"\x{FFFFFFFF}", "a hexadecimal escape without a character, near character 2")]
    [TestCase(@"\p", "a Unicode class that is not a general category")]
    [TestCase(@"\p{Greek}", "a Unicode class that is not a general category")]
    [TestCase(@"\p{Lu", "a Unicode class that is not a general category")]
    [TestCase("a{1001}", "a count that is above 1000 or out of order")]
    [TestCase("a{3,2}", "a count that is above 1000 or out of order")]
    [TestCase("a**", "a repetition of a repetition")]
    [TestCase("a*+", "a possessive repetition, which is not part of the syntax")]
    [TestCase("(?>a)", "an atomic group, which is not part of the syntax")]
    [TestCase("(?=a)", "look-around, which cannot be matched in linear time")]
    [TestCase("(?<!a)b", "look-around, which cannot be matched in linear time")]
    [TestCase("(?x)a", "an unknown group flag")]
    [TestCase("(?i", "a parenthesis that is not closed")]
    [TestCase("(?<n", "a group name that is not closed")]
    [TestCase("a)", "a closing parenthesis without an opening one, near character 1")]
    [TestCase("*a", "a repetition sign with nothing before it, near character 0")]
    public void Parse_NoPattern_IsRefusedByItsPlace(string pattern, string expected)
    {
        var refusal = Assert.Throws<FormatException>(() => PatternParser.Parse(pattern))!;
        Assert.That(refusal.Message, Does.Contain(expected));
        Assert.That(refusal.Message, Does.StartWith("not a valid pattern: "));
    }

    // Attributes cannot hold half a character.
    [Test]
    public void Parse_HalfACharacter_IsRefusedByItsPlace()
    {
        foreach (var pattern in new[] { "a\uD83D", "[\uD83D]", "[\uDE00", "\\Q\uDE00" })
        {
            Assert.That(() => PatternParser.Parse(pattern),
                Throws.TypeOf<FormatException>().With.Message.Contains("a lone surrogate, near character"));
        }
    }

    [Test]
    public void Parse_GroupsWithoutEnd_AreRefused() => Assert.That(
        () => PatternParser.Parse(new string('(', 50_000)), Throws.TypeOf<FormatException>().With.Message.Contains("groups nest deeper than 100"));

    [Test]
    public void Parse_AnyText_IsAPatternOrRefused()
    {
        var (random, refused, rounds) = (new Random(20261123), 0, FuzzBudget.Of(4_000));
        for (var round = 0; round < rounds; round++)
        {
            var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            try
            {
                PatternParser.Parse(pattern);
            }
            catch (FormatException)
            {
                refused++;
            }
            catch (Exception other)
            {
                Assert.Fail($"{pattern}: {other.GetType().Name}");
            }
        }

        // Both must occur, or nothing was tried.
        Assert.That(refused, Is.InRange(rounds / 20, rounds * 19 / 20));
    }

    private static string Taken(string pattern)
    {
        var set = ((PatternNode.One)PatternParser.Parse(pattern)).Set;
        return Where(c => set.Contains(c));
    }

    private static string Where(Func<char, bool> isOne) => string.Concat(Enumerable.Range(0, Characters).Select(static c => (char)c).Where(isOne));
}

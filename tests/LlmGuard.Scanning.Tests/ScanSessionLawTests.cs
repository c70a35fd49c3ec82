using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Tests;

/// <summary>
/// For every way of cutting a text into pieces the output is that of the whole, nothing edited later is released, and what is held is bounded.
/// </summary>
public sealed class ScanSessionLawTests
{
    private static readonly string[] Pieces =
    [
        "joe@example.com", "@", "a.b", "x@y.co", ".com", "4111 1111 1111 1111", "4111", " ", " ", "\n", "-", ".", "536-22-8714", "12",
            "+1 415 555 0132", "(415)",
        "DE89 3704 0044 0532 0130 00", "192.168.1.1", "::1", "fe80::", "00:1B:44:11:3A:B7", "123e4567-e89b-12d3-a456-426614174000", "password=",
            "hunter2",
        "\"", "Bearer abcdef0123456789abcdef", "sk-proj-abc_DEF-1234567890abcdef", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.", "dBjftJeZ",
            "call me ",
        "\u00E9", "\u4FE1", "\u200B", "\U0001F600", "confidential", "C\u043Enfid\u0435ntial", "confidentail", "top", "secret", "top  secret", "begin",
            "end", "aaaa", "aab",
        "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "key: ", "ssn ", "e\u0301", "\uFF43", "<", ">", "begin begin", "_", "K", "\u00AD",
    ];

    private static readonly ScanPlan All = new(
    [
        new ScanRule.Pattern(PatternProgram.Compile("(?i)key:\\s*\\S+")),
        new ScanRule.Pattern(PatternProgram.Compile("begin(?s:.*?)end")),
        new ScanRule.Pattern(PatternProgram.Compile("a+b|\\baa\\b")),
        new ScanRule.Pattern(PatternProgram.Compile("(?m)^12$|@\\z")),
        new ScanRule.Keyword(new KeywordRule("confidential", KeywordView.Folded, 2)),
        new ScanRule.Keyword(new KeywordRule("top secret", KeywordView.Folded, 2)),
        new ScanRule.Keyword(new KeywordRule("secret", KeywordView.AnyCase, 1)),
        new ScanRule.Keyword(new KeywordRule("call", KeywordView.Exact, 0)),
        .. EntityCatalog.Ids.Select(id => new ScanRule.Entity(EntityCatalog.Find(id)!)),
    ]);

    private static readonly ScanPlan Small = new(
    [
        new ScanRule.Entity(EntityCatalog.Find("email")!),
        new ScanRule.Entity(EntityCatalog.Find("ssn")!),
        new ScanRule.Keyword(new KeywordRule("example", KeywordView.AnyCase, 1)),
    ]);

    [FsCheck.NUnit.Property(MaxTest = 1500, Replay = "(3,5)")]
    public Property Advance_AnyCut_EqualsWhole_AllRules() =>
        Prop.ForAll(Arb.From(Cuts.Of(Pieces, 14)), static c => Cuts.AssertEqualWhole(All, c.Text, c.Cuts));

    [FsCheck.NUnit.Property(MaxTest = 500, Replay = "(9,13)")]
    public Property Advance_AnyCut_EqualsWhole_LongRunsOfMatches() => Prop.ForAll(
        Arb.From(Cuts.Of(["joe@example.com", "example", "@", "exampel", "a", ".", "536-22-8714", "\u00E9", " "], 400)),
        static c => Cuts.AssertEqualWhole(Small, c.Text, c.Cuts));

    [FsCheck.NUnit.Property(MaxTest = 150, Replay = "(21,5)")]
    public Property Advance_AnyCut_EqualsWhole_LongPatterns() => Prop.ForAll(
        Arb.From(Cuts.Of(["key: ", new string('x', 1500), new string('\u00E9', 1100), "begin", "end", new string('-', 2000), " ", "joe@example.com"],
            12)),
        static c => Cuts.AssertEqualWhole(All, c.Text, c.Cuts));

    [Test]
    public void Advance_OneByteAtATime_EqualsWhole()
    {
        foreach (var piece in Pieces)
        {
            var text = Encoding.UTF8.GetBytes($"{piece} x {piece}");
            Cuts.AssertEqualWhole(All, text, [.. Enumerable.Range(0, text.Length)]);
        }
    }

    [Test]
    public void Advance_PlainText_HoldsOnlyTheLastWord()
    {
        var text = "The quick brown fox jumps over the lazy dog again and again"u8;
        var released = Small.NewSession().Advance(text, 0, isEnd: false, []);
        Assert.That(released, Is.EqualTo(text.Length - "again".Length));
    }
}

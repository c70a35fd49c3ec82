using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>The law of streams holds for what is found in the views.</summary>
public sealed class ViewLawTests
{
    private static readonly string[] Values = ["joe@example.com", "536-22-8714", "4111 1111 1111 1111", "password=hunter2",
        "sk-proj-abc_DEF-1234567890abcdef", "top secret", "begin x end", "a"];

    private static readonly string[] Pieces =
    [
        .. Values, .. Values.SelectMany(v => Transforms.All.Select(t => t.Apply(v))), .. Transforms.OfWords.Select(t => t.Apply("top secret")),
        " ", " ", "\n", "x", "/", "-", "%", "&", "&#", "&#x3", "5;", "\\", "\\u00", "\\ud83d", "\\ude00", "41", "%4", "0%", "%25", "%2535", "&amp;",
            "#53;", "\u00E9", "e\u0301", "\u200B", "\u4FE1",
        "\U0001F600\uFE0F", "NTM2LTIy", "TIyLTg3MTQ", "=", "3533362d", "32322d38373134", "aGVsbG8gd29ybGQgYWdhaW4", "words of a sentence",
            "Confidential", "\U000E0031", "\uFE01", "%C3%A9", "%EF%BC", "%95",
        "\u0421\u043B\u043E\u0432\u043E, ", "\u0440\u0430\u0441\u0441\u043A\u0430\u0437 \u043E \u0441\u043B\u043E\u0432\u0430\u0445",
            "\u03B4\u03C1\u03CC\u03BC\u03BF\u03C2",
    ];

    private static readonly ScanPlan All = new(
    [
        new ScanRule.Pattern(PatternProgram.Compile("begin(?s:.*?)end")),
        new ScanRule.Pattern(PatternProgram.Compile("^x|\\bhello\\b|again$")),
        new ScanRule.Keyword(new KeywordRule("top secret", KeywordView.Folded, 2)),
        new ScanRule.Keyword(new KeywordRule("secret", KeywordView.AnyCase, 1)),
        .. EntityCatalog.Ids.Select(id => new ScanRule.Entity(EntityCatalog.Find(id)!)),
    ]);

    private static readonly ScanPlan Few = Scans.Entities(ScanViews.All, "ssn", "email");

    [FsCheck.NUnit.Property(MaxTest = 1500, Replay = "(31,5)")]
    public Property Advance_AnyCut_EqualsWhole() =>
        Prop.ForAll(Arb.From(Cuts.Of(Pieces, 10)), static c => Cuts.AssertEqualWhole(All, c.Text, c.Cuts));

    [FsCheck.NUnit.Property(MaxTest = 1500, Replay = "(33,7)")]
    public Property Advance_AnyCut_EqualsWhole_FewRules() =>
        Prop.ForAll(Arb.From(Cuts.Of(Pieces, 10)), static c => Cuts.AssertEqualWhole(Few, c.Text, c.Cuts));

    [FsCheck.NUnit.Property(MaxTest = 60, Replay = "(35,9)")]
    public Property Advance_AnyCut_EqualsWhole_LongTexts() => Prop.ForAll(
        Arb.From(Cuts.Of([.. Pieces, .. Transforms.All.Select(t => t.Apply(string.Concat(Enumerable.Repeat("word joe@example.com ", 60))))], 30)),
        static c => Cuts.AssertEqualWhole(All, c.Text, c.Cuts));

    [Test]
    public void Advance_OneByteAtATime_EqualsWhole([Values(0, 1, 2, 3, 4, 5, 6, 7)] int part)
    {
        foreach (var piece in Pieces.Where((_, i) => i % 8 == part))
        {
            var text = Encoding.UTF8.GetBytes($"it is {piece} and 536-22-8714{piece} joe@example.com");
            Cuts.AssertEqualWhole(All, text, [.. Enumerable.Range(0, text.Length)]);
        }
    }

    [TestCase("%", 200_000)]
    [TestCase("&#x", 200_000)]
    [TestCase("&amp;#", 200_000)]
    [TestCase("a&#0000000000000000000000000000000041;", 9000)]
    [TestCase("a\u200B\u200B\u200B\u200B\u200B\u200B\u200B\u200B\u200B\u200B", 3000)]
    public void Advance_LongHostileText_HoldsNoMoreThanIsStated(string unit, int count)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, count / unit.Length * 4)));
        Cuts.AssertEqualWhole(All, text, [.. Enumerable.Range(0, 40).Select(i => text.Length / 40 * i)]);
    }
}

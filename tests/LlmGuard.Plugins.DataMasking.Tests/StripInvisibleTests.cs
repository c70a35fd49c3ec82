using System.Text;

namespace LlmGuard.Plugins.DataMasking.Tests;

/// <summary>The setting <c>strip_invisible</c>: what a policy's author sees of it.</summary>
public sealed class StripInvisibleTests
{
    private const string Alone = """{"strip_invisible": true}""";

    private const string WithRules = """
        {"strip_invisible": true, "predefined_entities": [{"entity": "email"}, {"entity": "ssn", "action": "flag"}, {"entity": "iban", "action": "block"}],
         "rules": [{"type": "keyword", "pattern": "falcon", "mask_with": "[K]"}]}
        """;

    [TestCase("ig\u200Bnore\u2060 this\U000E0041\U000E0042", "ignore this")]
    [TestCase("family 👨\u200D👩\u200D👧 and می\u200Cخواهم", "family 👨\u200D👩\u200D👧 and می\u200Cخواهم")]
    [TestCase("nothing to see", "nothing to see")]
    public void Evaluate_StripAlone_RemovesWhatHides(string text, string expected) => Assert.That(Masking.Mask(Alone, text), Is.EqualTo(expected));

    [TestCase("fal\u200Bcon and joe@exam\u200Bple.com, fl\u200By", "[K] and [MASKED_EMAIL], fly")]
    [TestCase("falcon\u200B falcon", "[K] [K]")]
    [TestCase("ssn 536\u200B-22-8714 fl\u200By", "ssn 536\u200B-22-8714 fly", Description = "what is only flagged stays as it is written")]
    public void Evaluate_StripWithRules_LeavesMatchesToTheirRules(string text, string expected) =>
        Assert.That(Masking.Mask(WithRules, text), Is.EqualTo(expected));

    [Test]
    public void Evaluate_Off_RemovesNothing() =>
        Assert.That(Masking.Mask("""{"predefined_entities": [{"entity": "email"}]}""", "a\u200Bb"), Is.EqualTo("a\u200Bb"));

    [Test]
    public void Evaluate_Stripped_IsFoundByName()
    {
        var finding = Masking.Evaluate(Alone, GuardrailContent.FromText("a\u200Bb", SegmentRole.User)).Findings.Single();
        Assert.That((finding.Rule, finding.Type, finding.Span), Is.EqualTo(("strip_invisible", "invisible", new TextSpan(1, 3))));
    }

    [Test]
    public void Advance_OneCharacterAtATime_EqualsWhole()
    {
        const string text =
            "a\u200Bb 👩\u200D💻 x\u200D 🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F 🏴\U000E0067 falcon\u202E end\u200E";
        var evaluator = (ISpanEvaluator)Masking.Evaluator(WithRules);
        var scanner = evaluator.CreateScanner(SegmentRole.Assistant, SegmentKind.Message)!;
        var (output, released, utf8) = (new List<byte>(), 0, Encoding.UTF8.GetBytes(text));
        foreach (var end in Enumerable.Range(1, utf8.Length).Where(e => e == utf8.Length || (utf8[e] & 0xC0) != 0x80))
        {
            var (edits, context) = (new List<SpanEdit>(), Math.Min(released, evaluator.Reach.Left));
            var pending = utf8.AsSpan(released - context, end - released + context);
            var count = scanner.Advance(pending, context, 1, end == utf8.Length, edits);
            output.AddRange(Replacements.Apply(pending[..count], [.. edits.Select(e => (e.Span, e.Replacement!))])[context..]);
            released += count - context;
        }

        Assert.That(Encoding.UTF8.GetString([.. output]), Is.EqualTo(Masking.Mask(WithRules, text)).And.Not.Contain("\u200B"));
    }

    [TestCase("""{"strip_invisible": "yes"}""", "$.strip_invisible: expected a boolean")]
    [TestCase("""{"strip_invisible": false}""", "$: nothing to mask")]
    public void Create_BadSetting_NamesThePlace(string settings, string expected) =>
        Assert.That(Masking.Problems(settings), Has.Some.StartsWith(expected));
}

using System.Globalization;
using System.Text;
using LlmGuard.Scanning;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Plugins.PromptModeration.Tests;

/// <summary>Every way of writing every keyword and expression: what is found plain is found so too, on the bytes that stand for it.</summary>
public sealed class EncodedTextTests
{
    private const double Least = 0.99;

    private static readonly string[] Keywords =
        ["nerve agent", "confidential", "build a bomb", "explosives", "Project Nightjar", "assassination", "c++ exploit", "ammunition"];

    [Test]
    public void Evaluate_EveryTransformOfEveryKeyword_RecallIsThatOfPlainText()
    {
        var quoted = string.Join(", ", Keywords.Select(k => $"\"{k}\""));
        var evaluator = Moderation.Evaluator($$"""{"keywords": [{{quoted}}], "regex": ["PRJ-[0-9]{4}-[A-Z]{3}"], "actions": {"type": "flag"} }""");
        string[] positives = [.. Keywords, .. Keywords.Select(k => k.ToUpperInvariant()), "PRJ-1234-XYZ"];
        var table = new StringBuilder();
        var worst = 1.0;
        foreach (var (name, apply) in Transforms.All)
        {
            var missed = positives.Where(p => !IsFound(evaluator, apply(p))).ToArray();
            worst = Math.Min(worst, 1 - ((double)missed.Length / positives.Length));
            table.AppendLine(
                CultureInfo.InvariantCulture, $"| {name} | {positives.Length} | {positives.Length - missed.Length} | {string.Join(", ", missed)}");
        }

        TestContext.Out.WriteLine(table);
        Assert.That(worst, Is.GreaterThanOrEqualTo(Least), table.ToString());
    }

    [Test]
    public void Evaluate_MaskOfEncodedText_CoversWhatStandsForIt()
    {
        var content = GuardrailContent.FromText("see %62%6f%6d%62 here", SegmentRole.User);
        var verdict = Moderation.Judge("""{"keywords": ["bomb"], "actions": {"type": "mask"}}""", content);
        Assert.That(Moderation.Apply(verdict, content), Is.EqualTo(new[] { "see <> here" }));
    }

    [TestCase("100% sure & certain \\ done")]
    [TestCase("aGVsbG8gd29ybGQgYW5kIG1vcmU=")]
    [TestCase("deadbeefdeadbeefdeadbeef")]
    public void Evaluate_OtherEncodedText_IsAllowed(string text) =>
        Assert.That(Moderation.Judge("""{"keywords": ["bomb"], "regex": ["zz[0-9]"]}""", text).Outcome, Is.EqualTo(VerdictOutcome.Allow));

    [Test]
    public void Evaluate_EncodedTooDeep_IsAnInputFailure()
    {
        var text = "build a bomb, build a bomb, build a bomb";
        for (var i = 0; i < 6; i++)
        {
            text = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        }

        var verdict = Moderation.Judge("""{"keywords": ["bomb"]}""", text);
        Assert.That(verdict.Failure?.Reason, Is.EqualTo(FailureReasons.LimitExceeded));
    }

    // Signs that escape nothing, before one that does.
    [TestCase("100% of it & more \\ less, then %62omb")]
    [TestCase("100% of it & more \\ less, then &#98;omb")]
    [TestCase("100% of it & more \\ less, then &#x62;omb")]
    [TestCase("100% of it & more \\ less, then \\x62omb")]
    [TestCase("100% of it & more \\ less, then \\u0062omb")]
    [TestCase("100% of it & more \\ less, then \\u{62}omb")]
    [TestCase("100% of it & more \\ less, then \\U00000062omb")]
    [TestCase("100% of it & more \\ less, then %2562omb")]
    [TestCase("100% of it & more \\ less, then %%362omb")]
    [TestCase("100% of it & more \\ less, then &%2398;omb")]
    [TestCase("100% of it & more \\ less, then \\%7862omb")]
    [TestCase("100% of it & more \\ less, then &percnt;62omb")]
    [TestCase("1%%%%62omb")]
    [TestCase("100% of it, \uFF05\uFF16\uFF12omb")]
    [TestCase("%6\u200B2omb")]
    [TestCase("100% of it & more \\ less, then \\nbomb", "\\\\bbomb")]
    [TestCase("100% of it & more \\ less, then\\tbomb", "\\\\bbomb")]
    [TestCase("bom&#98;")]
    [TestCase("bom%62")]
    public void Evaluate_EscapeAfterSignsThatEscapeNothing_IsJudgedAsAScanDoes(string text, string pattern = "bomb")
    {
        var plan = new ScanPlan([new ScanRule.Pattern(PatternProgram.Compile(pattern.Replace("\\\\", "\\", StringComparison.Ordinal)))]);
        var spans = new List<ScanSpan>();
        plan.NewSession().Scan(Encoding.UTF8.GetBytes(text), spans);
        var verdict = Moderation.Judge($$"""{"regex": ["{{pattern}}"], "actions": {"type": "flag"} }""", text);
        Assert.That(verdict.Findings.Select(f => (f.Span.Start, f.Span.Length)), Is.EqualTo(spans.Select(s => (s.Start, s.Length))));
    }

    [Test]
    public void Evaluate_TextsOfSignsAndDigits_AreJudgedAsAScanDoes()
    {
        var session = new ScanPlan([new ScanRule.Pattern(PatternProgram.Compile("[b\u00e9]"))]).NewSession();
        var (spans, found) = (new List<ScanSpan>(), 0);
        var evaluator = Moderation.Evaluator("""{"regex": ["[b\u00e9]"], "actions": {"type": "flag"} }""");
        var random = new Random(7);
        string[] pieces =
            ["%", "&", "\\", "6", "2", "#", "98", ";", "x", "u", "U", "{", "}", "0", "00", "25", "percnt", "amp", "bsol", "C3", "A9", " "];
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            session.Scan(Encoding.UTF8.GetBytes(text), spans);
            var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText(text, SegmentRole.User));
            var verdict = evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Assert.That(verdict.Findings.Select(f => (f.Span.Start, f.Span.Length)), Is.EqualTo(spans.Select(s => (s.Start, s.Length))), text);
            found += spans.Count;
        }

        Assert.That(found, Is.GreaterThan(250));
    }

    private static bool IsFound(IGuardrailEvaluator evaluator, string disguised)
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText($"it is {disguised} and more", SegmentRole.User));
        var verdict = evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return verdict.Findings.Count > 0;
    }
}

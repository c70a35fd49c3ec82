using System.Globalization;
using System.Text;

namespace LlmGuard.Plugins.PromptModeration.Tests;

/// <summary>Every way of writing every keyword and expression: what is found plain is found so too, on the bytes that stand for it.</summary>
public sealed class EncodedTextTests
{
    private const double Least = 0.99;

    private static readonly string[] Keywords = ["nerve agent", "confidential", "build a bomb", "explosives", "Project Nightjar", "assassination", "c++ exploit", "ammunition"];

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
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {positives.Length} | {positives.Length - missed.Length} | {string.Join(", ", missed)}");
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
        Assert.That(verdict.Failure?.Reason, Is.EqualTo(FailureReasons.Uninspected));
    }

    private static bool IsFound(IGuardrailEvaluator evaluator, string disguised)
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, GuardrailContent.FromText($"it is {disguised} and more", SegmentRole.User));
        var verdict = evaluator.EvaluateAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return verdict.Findings.Count > 0;
    }
}

using System.Globalization;
using System.Text;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>Every way of writing every positive: what is found plain is found so too.</summary>
public sealed class EvasionMatrixTests
{
    private const double Least = 0.99;

    [Test]
    public void Judge_EveryTransformOfEveryPositive_RecallIsThatOfPlainText()
    {
        var evaluator = Code.Evaluator("""{"action": "flag", "min_severity": "low"}""");
        var positives = Samples.High.Concat(Samples.Lower).Where(s => IsFound(evaluator, s.Text)).ToArray();
        Assert.That(positives, Has.Length.EqualTo(Samples.High.Length + Samples.Lower.Length));
        var table = new StringBuilder("| transform | positives | found |\n|---|---|---|\n");
        var missed = new StringBuilder();
        var worst = 1.0;
        foreach (var (name, apply) in Transforms.All)
        {
            var lost = positives.Where(s => !IsFound(evaluator, apply(s.Text))).ToArray();
            foreach (var (rule, text) in lost)
            {
                missed.AppendLine(CultureInfo.InvariantCulture, $"{name}: {rule} {text}");
            }

            worst = Math.Min(worst, 1 - ((double)lost.Length / positives.Length));
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {positives.Length} | {positives.Length - lost.Length} |");
        }

        TestContext.Out.WriteLine(table);
        Assert.That(worst, Is.GreaterThanOrEqualTo(Least), () => $"{table}\n{missed}");
    }

    private static bool IsFound(IGuardrailEvaluator evaluator, string text) =>
        Code.Judge(evaluator, GuardrailContent.FromText(text, SegmentRole.User)).Findings.Count > 0;
}

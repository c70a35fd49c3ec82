using System.Globalization;
using System.Text;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Quality;

/// <summary>
/// What is found of our own rows, by family. MEASURED.md of the package gives the figures of the first try beside those that are held here.
/// </summary>
public sealed class RowTests
{
    // Floors a little under what is reached, so that a change that costs some rows is seen and one row is not a broken build.
    [TestCase("attacks", Injection.Prompts, 0.86)]
    [TestCase("unseen_attacks", Injection.Prompts, 0.70)]
    [TestCase("inserted", Injection.Indirect, 0.82)]
    [TestCase("unseen_inserted", Injection.Indirect, 0.80)]
    [TestCase("blind_attacks", Injection.Prompts, 0.53)]
    [TestCase("blind_inserted", Injection.Indirect, 0.58)]
    [TestCase("fresh_attacks", Injection.Prompts, 0.51)]
    [TestCase("fresh_inserted", Injection.Indirect, 0.53)]
    public void Evaluate_Attacks_RecallKeepsTheFloor(string rows, string settings, double least)
    {
        var (found, count) = Measure(rows, settings, isAttack: true);
        Assert.That((double)found / count, Is.GreaterThanOrEqualTo(least));
    }

    [TestCase("ordinary", Injection.Prompts, 0.02)]
    [TestCase("unseen_ordinary", Injection.Prompts, 0.02)]
    [TestCase("ordinary", Injection.Indirect, 0.02)]
    [TestCase("read", Injection.Indirect, 0.06)]
    [TestCase("unseen_read", Injection.Indirect, 0.04)]
    [TestCase("blind_ordinary", Injection.Prompts, 0.03)]
    [TestCase("blind_read", Injection.Prompts, 0.04)]
    [TestCase("blind_read", Injection.Indirect, 0.05)]
    [TestCase("dense_ordinary", Injection.Prompts, 0.03)]
    [TestCase("dense_read", Injection.Prompts, 0.11)]
    [TestCase("fresh_ordinary", Injection.Prompts, 0.04)]
    [TestCase("fresh_read", Injection.Prompts, 0.01)]
    [TestCase("fresh_read", Injection.Indirect, 0.01)]
    [TestCase("ordinary", Injection.Web, 0.05)]
    public void Evaluate_OrdinaryTextsThatLookAlike_FalsePositivesStayUnder(string rows, string settings, double most)
    {
        var (found, count) = Measure(rows, settings, isAttack: false);
        Assert.That((double)found / count, Is.LessThanOrEqualTo(most));
    }

    [TestCase("web_develop", 0.97, 0.015)]
    [TestCase("web_held", 0.96, 0.01)]
    [TestCase("web_second_develop", 0.98, 0.025)]
    [TestCase("web_second_held", 0.95, 0.025)]
    public void Evaluate_WebRows_KeepTheFloors(string rows, double recall, double falsePositives)
    {
        var evaluator = Injection.Evaluator(Injection.Web);
        var (found, attacks, flagged, ordinary) = (0, 0, 0, 0);
        foreach (var line in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Rows", rows + ".jsonl")))
        {
            using var row = System.Text.Json.JsonDocument.Parse(line);
            var isHit =
                Injection.Judge(evaluator, Injection.Content(row.RootElement.GetProperty("text").GetString()!)).Outcome == VerdictOutcome.Block;
            var isAttack = row.RootElement.GetProperty("label").GetInt32() == 1;
            (found, attacks) = isAttack ? (found + (isHit ? 1 : 0), attacks + 1) : (found, attacks);
            (flagged, ordinary) = isAttack ? (flagged, ordinary) : (flagged + (isHit ? 1 : 0), ordinary + 1);
        }

        Assert.Multiple(() =>
        {
            Assert.That((double)found / attacks, Is.GreaterThanOrEqualTo(recall));
            Assert.That((double)flagged / ordinary, Is.LessThanOrEqualTo(falsePositives));
        });
    }

    [TestCase("attacks", 150)]
    [TestCase("ordinary", 150)]
    [TestCase("blind_attacks", 286)]
    [TestCase("blind_ordinary", 298)]
    [TestCase("blind_inserted", 118)]
    [TestCase("blind_read", 181)]
    [TestCase("fresh_attacks", 56)]
    [TestCase("fresh_ordinary", 54)]
    [TestCase("fresh_inserted", 30)]
    [TestCase("fresh_read", 40)]
    public void Read_Rows_AreAllThere(string rows, int least) => Assert.That(Rows.Read(rows), Has.Count.GreaterThanOrEqualTo(least));

    [TestCase("attacks", "ordinary")]
    [TestCase("inserted", "read")]
    [TestCase("blind_inserted", "blind_read")]
    public void Evaluate_EveryRow_IsJudgedAloneAsInASecondCall(string attacks, string ordinary)
    {
        // What an evaluator keeps between calls (words, regions, buffers) must not change a verdict.
        var kept = Injection.Evaluator("{}");
        Assert.Multiple(() =>
        {
            foreach (var (_, text) in Rows.Read(attacks).Concat(Rows.Read(ordinary)))
            {
                var expected = Injection.Rules(Injection.Judge("{}", text, SegmentKind.ToolResult, SegmentRole.Tool));
                var actual = Injection.Rules(Injection.Judge(kept, Injection.Content(text, SegmentKind.ToolResult, SegmentRole.Tool)));
                Assert.That(actual, Is.EqualTo(expected), text);
            }
        });
    }

    private static (int Found, int Count) Measure(string rows, string settings, bool isAttack)
    {
        var evaluator = Injection.Evaluator(settings);
        var wrong = new StringBuilder();
        var families = new SortedDictionary<string, (int Found, int Count)>(StringComparer.Ordinal);
        var (found, count) = (0, 0);
        foreach (var (family, text) in Rows.Read(rows))
        {
            var verdict = Injection.Judge(evaluator, Injection.Content(text));
            var isHit = verdict.Outcome == VerdictOutcome.Block;
            (found, count) = (found + (isHit ? 1 : 0), count + 1);
            var known = families.GetValueOrDefault(family);
            families[family] = (known.Found + (isHit ? 1 : 0), known.Count + 1);
            if (isHit != isAttack)
            {
                wrong.AppendLine(
                    CultureInfo.InvariantCulture, $"{family}: {text.ReplaceLineEndings(" ")} ({string.Join(", ", Injection.Rules(verdict))})");
            }
        }

        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows}: {found} of {count} = {(double)found / count:F3}"));
        TestContext.Out.WriteLine(string.Join(", ", families.Select(f => $"{f.Key} {f.Value.Found}/{f.Value.Count}")));
        TestContext.Out.WriteLine(wrong);
        return (found, count);
    }
}

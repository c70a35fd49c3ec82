using System.Text.Json;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>
/// What is found of our own rows, written before the rules were looked at; the insecure rows of the held half were never looked at. First figures:
/// README.
/// </summary>
public sealed class RowTests
{
    // Floors a little under what is reached, so that a change that costs some rows is seen and one row is not a broken build.
    [TestCase("code_develop", 0.84, 0.01)]
    [TestCase("code_held", 0.73, 0.05)]
    public void Judge_Rows_DefaultKeepsTheFloors(string rows, double recall, double falsePositives)
    {
        var evaluator = Code.Evaluator("""{"action": "flag"}""");
        var (found, insecure, flagged, ordinary) = (0, 0, 0, 0);
        foreach (var line in File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Rows", rows + ".jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            var isInsecure = row.RootElement.GetProperty("label").GetInt32() == 1;
            var isHit = Code.Judge(evaluator, GuardrailContent.FromText(row.RootElement.GetProperty("text").GetString()!, SegmentRole.User))
                .Findings.Count > 0;
            (found, insecure) = isInsecure ? (found + (isHit ? 1 : 0), insecure + 1) : (found, insecure);
            (flagged, ordinary) = isInsecure ? (flagged, ordinary) : (flagged + (isHit ? 1 : 0), ordinary + 1);
        }

        TestContext.Out.WriteLine($"{rows}: {found} of {insecure} insecure, {flagged} of {ordinary} ordinary");
        Assert.Multiple(() =>
        {
            Assert.That(insecure, Is.GreaterThan(90));
            Assert.That(ordinary, Is.GreaterThan(90));
            Assert.That((double)found / insecure, Is.GreaterThanOrEqualTo(recall));
            Assert.That((double)flagged / ordinary, Is.LessThanOrEqualTo(falsePositives));
        });
    }
}

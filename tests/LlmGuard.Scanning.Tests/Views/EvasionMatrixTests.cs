using System.Globalization;
using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;
using LlmGuard.Scanning.Tests.Entities;

namespace LlmGuard.Scanning.Tests.Views;

/// <summary>
/// Every way of writing every positive of every built-in rule: what is found plain is found so too, on exactly the bytes that stand for it.
/// </summary>
public sealed class EvasionMatrixTests
{
    private const double Least = 0.99;

    private static readonly string[] Words = ["confidential", "top secret", "Project Nightjar", "atelier"];

    [Test]
    public void Find_EveryTransformOfEveryPositive_RecallIsThatOfPlainText()
    {
        var table = new StringBuilder("| transform | positives | found |\n|---|---|---|\n");
        var missed = new List<string>();
        var worst = 1.0;
        foreach (var (name, apply) in Transforms.All)
        {
            var (count, found) = (0, 0);
            foreach (var (id, plan, sample) in Positives())
            {
                count++;
                var isFound = IsFound(plan, apply(sample));
                found += isFound ? 1 : 0;
                if (!isFound)
                {
                    missed.Add($"{name}: {id} {sample}");
                }
            }

            worst = Math.Min(worst, (double)found / count);
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {count} | {found} |");
        }

        TestContext.Out.WriteLine(table);
        Assert.That(worst, Is.GreaterThanOrEqualTo(Least), () => $"{table}\nmissed:\n{string.Join('\n', missed)}");
    }

    [Test]
    public void Find_WordsInDisguise_AreFound()
    {
        Assert.Multiple(() =>
        {
            foreach (var (name, apply) in Transforms.All.Concat(Transforms.OfWords))
            {
                foreach (var word in Words.Where(w => Transforms.OfWords.Any(o => o.Name == name) ? !w.Contains(' ') : w.Length >= 8))
                {
                    var plan = new ScanPlan([new ScanRule.Keyword(new KeywordRule(word, KeywordView.Folded, 0))]);
                    Assert.That(IsFound(plan, apply(word)), $"{name} {word}: {apply(word)}");
                }
            }
        });
    }

    [Test]
    public void Find_PatternInDisguise_IsFound()
    {
        var plan = new ScanPlan([new ScanRule.Pattern(PatternProgram.Compile(@"\bPRJ-[0-9]{4}-[A-Z]{3}\b"))]);
        Assert.Multiple(() =>
        {
            foreach (var (name, apply) in Transforms.All)
            {
                Assert.That(IsFound(plan, apply("PRJ-1234-XYZ")), $"{name} {apply("PRJ-1234-XYZ")}");
            }
        });
    }

    // Whatever is not covered must not stand for a letter or digit of the value.
    private static bool IsFound(ScanPlan plan, string disguised)
    {
        var bytes = Encoding.UTF8.GetBytes($"it is {disguised} and more");
        var spans = Scans.Spans(plan, bytes);
        var before = Encoding.UTF8.GetByteCount("it is ");
        return spans.Count > 0 && spans[0].Start >= before - 1 && spans[^1].Start + spans[^1].Length <= bytes.Length - " and more".Length + 1;
    }

    private static IEnumerable<(string Id, ScanPlan Plan, string Sample)> Positives() =>
        from id in EntityCatalog.Ids
        let plan = Scans.Entities(ScanViews.All, id)
        from sample in Samples.Of(id)
        where IsFound(plan, sample)
        select (id, plan, sample);
}

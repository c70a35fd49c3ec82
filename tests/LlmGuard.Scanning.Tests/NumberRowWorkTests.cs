using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Tests.Hostile;

namespace LlmGuard.Scanning.Tests;

/// <summary>
/// All entities in one plan, whatever their confidence, on rows of numbers: each group begins most kinds of number. Counted in steps: bytes that are
/// looked at one by one, openings, conditions and detectors that are asked, and digits that are checked.
/// </summary>
public sealed class NumberRowWorkTests
{
    private const int Length = 4096;
    private const double MostOfBenign = 20;

    // Ten and eleven digits are what numbers of most states have, and each is checked as the numbers of up to twenty.
    private const double MostOfChecked = 30;

    private const string Benign =
        "We met on Monday (at ten), and Anna said: \"it's done\". See page 12 of https://example.com/a/b, or write to anna@example.com; it costs 12.50 in all.\n";

    private static readonly ScanPlan All =
        new([.. EntityCatalog.Ids.Select(static id => new ScanRule.Entity(EntityCatalog.Find(id, 0)!))], ScanViews.None);

    [Test]
    public void Scan_RowOfNumbers_CostsAtMostTwentyTimesTheBenign([ValueSource(typeof(HostileUnits), nameof(HostileUnits.Numbers))] string unit) =>
        Assert.That(
            StepsPerByte(unit),
                Is.LessThanOrEqualTo((unit.Length is 11 or 12 && unit.Trim().All(char.IsAsciiDigit) ? MostOfChecked
                : MostOfBenign) * StepsPerByte(Benign)), "steps per byte");

    private static double StepsPerByte(string unit)
    {
        using var count = StepCount.Open();
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, Length / unit.Length)));
        All.NewSession().Scan(text, []);
        return (double)count.Steps / text.Length;
    }
}

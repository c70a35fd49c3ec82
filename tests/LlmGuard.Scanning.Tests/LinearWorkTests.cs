using System.Text;
using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Tests.Entities;
using LlmGuard.Tests.Hostile;

namespace LlmGuard.Scanning.Tests;

/// <summary>
/// Work is counted in steps, not in time: sixteen times the text may cost at most eighteen times the steps, on texts built to hurt.
/// </summary>
public sealed class LinearWorkTests
{
    private const int Length = 2048;

    [Test]
    public void Scan_HostileText_WorkIsLinear([ValueSource(typeof(EntityCatalog), nameof(EntityCatalog.Ids))] string entity)
    {
        var plan = Scans.Entities(entity);
        foreach (var unit in HostileUnits.Entities)
        {
            AssertLinear(plan, unit);
        }
    }

    [TestCase("sk-proj-q8Z_7Kd-")]
    [TestCase("sk-a1")]
    [TestCase("sk-proj-q8Z_7Kd-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-")]
    [TestCase("sk-q8Z_tvly-q8Z_glpat-")]
    [TestCase("-sk-a1b")]
    public void Scan_BeginningsOfKeysInOneRow_WorkIsLinearFromTheStart(string unit)
    {
        foreach (var views in new[] { ScanViews.None, ScanViews.All })
        {
            var plan = Scans.Entities(views, "api_key");
            var (small, large) = (Steps(plan, unit, Length), Steps(plan, unit, Length * 16));
            Assert.That(large, Is.LessThanOrEqualTo(18 * small), $"{small} steps, then {large}");
        }
    }

    [Test]
    public void Scan_TextMadeFromTheEntity_EveryFurtherStretchCostsTheSame(
        [ValueSource(typeof(EntityCatalog), nameof(EntityCatalog.Ids))] string entity)
    {
        var plan = Scans.Entities(entity);
        foreach (var sample in Samples.Of(entity).Take(2))
        {
            // Matches side by side, what begins as a match does and is none, and matches that begin within each other.
            foreach (var unit in new[] { sample, sample[..^1], sample[..((sample.Length + 1) / 2)], $"{sample[0]}{sample}" })
            {
                var stretch = Math.Max(Length, plan.LongestMatch);
                var (first, second, third) = (Steps(plan, unit, stretch), Steps(plan, unit, 2 * stretch), Steps(plan, unit, 3 * stretch));
                Assert.That(
                    third - second, Is.LessThanOrEqualTo(((second - first) * 9 / 8) + plan.LongestMatch),
                        $"{first} steps, then {second}, then {third}, for {unit}");
            }
        }
    }

    [TestCase("aaaa ")]
    [TestCase("aaab ")]
    [TestCase("a")]
    [TestCase("a b a ")]
    public void Scan_HostileText_KeywordWorkIsLinear(string unit) => AssertLinear(
        new ScanPlan(
        [
            new ScanRule.Keyword(new KeywordRule("aaaaaaaaab", KeywordView.Folded, 2)),
            new ScanRule.Keyword(new KeywordRule("aaaa bbbb", KeywordView.AnyCase, 1)),
            new ScanRule.Keyword(new KeywordRule("a b a b", KeywordView.Exact, 1)),
        ]),
        unit);

    private static void AssertLinear(ScanPlan plan, string unit)
    {
        var small = Steps(plan, unit, Length);
        var large = Steps(plan, unit, Length * 16);
        Assert.That(large, Is.LessThanOrEqualTo(18 * (small + plan.LongestMatch)), $"{small} steps, then {large}, for {unit}");
    }

    private static long Steps(ScanPlan plan, string unit, int length)
    {
        var session = plan.NewSession();
        session.Scan(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, Math.Max(1, length / unit.Length)))), []);
        return session.Matchers.Sum(m => m.Steps);
    }
}

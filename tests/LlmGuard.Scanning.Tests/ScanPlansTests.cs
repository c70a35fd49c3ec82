using LlmGuard.Scanning.Entities;
using LlmGuard.Scanning.Keywords;
using LlmGuard.Scanning.Patterns;

namespace LlmGuard.Scanning.Tests;

/// <summary>Equal rules share a plan, different ones never, and plans do not pile up.</summary>
public sealed class ScanPlansTests
{
    private readonly ScanPlans _plans = new();

    [Test]
    public void Get_EqualRules_SamePlan()
    {
        var first = _plans.Get(Rules("a+b", "word"));
        Assert.That(_plans.Get(Rules("a+b", "word")), Is.SameAs(first));
    }

    [Test]
    public void Get_DifferentRulesOrViews_DifferentPlans()
    {
        ScanPlan[] plans =
        [
            _plans.Get(Rules("a+b", "word")), _plans.Get(Rules("a+c", "word")), _plans.Get(Rules("a+b", "Word")),
                _plans.Get([.. Rules("a+b", "word").Reverse()]),
            _plans.Get(Rules("a+b", "word"), ScanViews.None), _plans.Get([Rules("a+b", "word")[0]]),
        ];
        Assert.That(plans.Distinct().Count(), Is.EqualTo(plans.Length));
    }

    [Test]
    public void Get_FromManyThreadsAtOnce_OnePlan()
    {
        var plans = new ScanPlan[16];
        Parallel.For(0, plans.Length, i => plans[i] = _plans.Get(Rules("a+b", "word")));
        Assert.That(plans.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Get_MoreThanAreKept_OldestMakesRoom()
    {
        var first = _plans.Get(Rules("a", "first"));
        for (var i = 0; i < ScanPlans.Capacity; i++)
        {
            _plans.Get(Rules("a", $"word {i}"));
        }

        Assert.That(_plans.Count, Is.EqualTo(ScanPlans.Capacity));
        Assert.That(_plans.Get(Rules("a", "first")), Is.Not.SameAs(first));
    }

    private static ScanRule[] Rules(string pattern, string keyword) =>
    [
        new ScanRule.Entity(EntityCatalog.Find("email")!), new ScanRule.Pattern(PatternProgram.Compile(pattern)),
        new ScanRule.Keyword(new KeywordRule(keyword, KeywordView.Folded, 0)),
    ];
}

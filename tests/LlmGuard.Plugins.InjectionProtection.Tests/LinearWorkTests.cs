using System.Text;
using LlmGuard.Plugins.InjectionProtection.Reading;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Tests.Hostile;

namespace LlmGuard.Plugins.InjectionProtection.Tests;

/// <summary>What a text costs grows with its length and not faster, whatever is written in it.</summary>
public sealed class LinearWorkTests
{
    private const int Small = 4096;
    private const int Factor = 16;
    private const double MostGrowth = 18;
    private const double MostOfProse = 20;

    [TestCaseSource(typeof(HostileUnits), nameof(HostileUnits.Injections))]
    public void Find_HostileText_WorkGrowsWithTheLength(string unit)
    {
        var judge = new TextJudge(InjectionSettings.Read(GuardrailSettings.Parse("{}")));
        var (small, large) = (Work(judge, Repeat(unit, Small)), Work(judge, Repeat(unit, Small * Factor)));
        Assert.That((double)large / small, Is.LessThanOrEqualTo(MostGrowth));
    }

    // What is written to hurt costs more than prose does, but not by orders of magnitude.
    [TestCaseSource(typeof(HostileUnits), nameof(HostileUnits.Injections))]
    public void Find_HostileText_CostsAtMostTwentyTimesWhatProseDoes(string unit)
    {
        var judge = new TextJudge(InjectionSettings.Read(GuardrailSettings.Parse("{}")));
        var (hostile, prose) =
            (Repeat(unit, Small * Factor), Repeat("We met on Monday (at ten), and Anna said: \"it's done\". See page 12. ", Small * Factor));
        Assert.That((double)Work(judge, hostile) / hostile.Length, Is.LessThanOrEqualTo(MostOfProse * Work(judge, prose) / prose.Length));
    }

    // Allocation stands for work where steps are not counted one by one: lists of tokens, words and hits.
    [Test]
    public void Find_LongTextsOfOneKind_AllocateNothingOnceWarm()
    {
        var judge = new TextJudge(InjectionSettings.Read(GuardrailSettings.Parse("{}")));
        var text = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("The quick brown fox, it's said, jumps over the lazy dog (twice); select one. ", 200)));
        var found = new List<RuleHit>();
        for (var i = 0; i < 5; i++)
        {
            judge.Find(text, new TypeSet(0xFFFF), found);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        found.Clear();
        judge.Find(text, new TypeSet(0xFFFF), found);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1024));
    }

    private static byte[] Repeat(string unit, int length) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, length / unit.Length)));

    private static long Work(TextJudge judge, byte[] text)
    {
        var before = judge.Steps;
        judge.Find(text, new TypeSet(0xFFFF), []);
        return judge.Steps - before;
    }
}

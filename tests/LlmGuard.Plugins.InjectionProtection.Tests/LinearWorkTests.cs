using System.Text;
using LlmGuard.Plugins.InjectionProtection.Reading;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;

namespace LlmGuard.Plugins.InjectionProtection.Tests;

/// <summary>What a text costs grows with its length and not faster, whatever is written in it.</summary>
public sealed class LinearWorkTests
{
    private const int Small = 4096;
    private const int Factor = 16;
    private const double MostGrowth = 18;

    private static readonly string[] Hostile =
    [
        "a", "'", "\"", "`", "(", "((", "[a", "{{", "${", "<%", "<", "<a ", "<a b='", "on=", "/*", "/*!", "--", "#", ";", "; cat ", "$(", "|", "../", "..;", "....", "%2e", "http://", "//", "select ",
        "union ", "or 1=", "' or '", "@", "@@", "$$", "q'[", "\\", "\\u0041", "%41", "&#x41;", "ignore ", "all previous ", "instructions ", "act ", "no ", "anything do ", "your response ", "add ",
        "| a ", "\n", ". ", "a. ", "QUFB", "4142", "aWdub3Jl ", "i g n ", "1a3e", "vtaber ", "\u0430", "{\"a\":", "javascript:", "java\tscript", "alert", "alert(", "data:", "constructor", "<script ", "style=\"",
    ];

    [TestCaseSource(nameof(Hostile))]
    public void Find_HostileText_WorkGrowsWithTheLength(string unit)
    {
        var judge = new TextJudge(InjectionSettings.Read(GuardrailSettings.Parse("{}")));
        var (small, large) = (Work(judge, Repeat(unit, Small)), Work(judge, Repeat(unit, Small * Factor)));
        Assert.That((double)large / small, Is.LessThanOrEqualTo(MostGrowth));
    }

    // Steps count what detectors are given, not how often they look at it; a detector that looked back or ahead without bound would show here, where
    // sixteen times the text would take 256 times as long.
    [TestCaseSource(nameof(Hostile))]
    public void Find_HostileText_TimeIsNotThatOfASquare(string unit)
    {
        var judge = new TextJudge(InjectionSettings.Read(GuardrailSettings.Parse("{}")));
        var (small, large) = (Repeat(unit, Small), Repeat(unit, Small * Factor));
        for (var i = 0; i < 15; i++)
        {
            // Until the code is compiled as well as it will be.
            Work(judge, small);
        }

        var least = Math.Max(Ticks(judge, small), TimeProvider.System.TimestampFrequency / 10_000);
        Assert.That(Ticks(judge, large), Is.LessThan(130 * least));
    }

    private static long Ticks(TextJudge judge, byte[] text)
    {
        var best = long.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            Work(judge, text);
            best = Math.Min(best, TimeProvider.System.GetTimestamp() - started);
        }

        return best;
    }

    // Allocation stands for work where steps are not counted one by one: lists of tokens, words and hits.
    [Test]
    public void Find_LongTextsOfOneKind_AllocateNothingOnceWarm()
    {
        var judge = new TextJudge(InjectionSettings.Read(GuardrailSettings.Parse("{}")));
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("The quick brown fox, it's said, jumps over the lazy dog (twice); select one. ", 200)));
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

using System.Text;
using LlmGuard.Plugins.CodeSanitation.Reading;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning;
using LlmGuard.Tests.Hostile;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>
/// Work is counted in steps, not in time: sixteen times the text may cost at most eighteen times the steps, on texts built to hurt.
/// </summary>
public sealed class LinearWorkTests
{
    private const int Length = 2048;

    private static readonly ScanPlan Plan = new([.. CodeCatalog.Rules.Select((_, number) => new ScanRule.Grammar(CodeGrammar.Instance, number))]);

    [TestCaseSource(typeof(HostileUnits), nameof(HostileUnits.Code))]
    public void Scan_HostileText_WorkIsLinear(string unit)
    {
        var small = Steps(unit, Length);
        var large = Steps(unit, Length * 16);
        Assert.That(large, Is.LessThanOrEqualTo(18 * (small + 256)), $"{small} steps, then {large}");
    }

    // What is written to hurt costs more than an ordinary program that is read, but not by orders of magnitude.
    [TestCaseSource(typeof(HostileUnits), nameof(HostileUnits.Code))]
    public void Scan_HostileText_CostsAtMostTwentyTimesWhatAProgramDoes(string unit)
    {
        const string Program =
            "import os\n\ndef run(name):\n    path = os.path.join('a', name)\n    with open(path) as f:\n        return f.read()  # all of it\n\n";
        Assert.That((double)Steps(unit, Length * 16) / Length, Is.LessThanOrEqualTo(20.0 * Steps(Program, Length * 16) / Length));
    }

    private static long Steps(string unit, int length)
    {
        var session = Plan.NewSession();
        session.Scan(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, length / Encoding.UTF8.GetByteCount(unit)))), []);
        return session.Matchers.Sum(m => m.Steps);
    }
}

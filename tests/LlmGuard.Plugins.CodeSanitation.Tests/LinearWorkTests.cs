using System.Text;
using LlmGuard.Plugins.CodeSanitation.Reading;
using LlmGuard.Plugins.CodeSanitation.Rules;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>Work is counted in steps, not in time: sixteen times the text may cost at most eighteen times the steps, on texts built to hurt.</summary>
public sealed class LinearWorkTests
{
    private const int Length = 2048;

    private static readonly ScanPlan Plan = new([.. CodeCatalog.Rules.Select((_, number) => new ScanRule.Grammar(CodeGrammar.Instance, number))]);

    public static IEnumerable<string> Units =>
    [
        "(", "((", "eval(", "eval(x", ")", "{", "}", "f(a)", "a.b.", "a->", "a::", "x=", "x=request.args;", "\"", "'", "\"\"\"", "`", "```\n", "```py\n", "~~~\n", "#", "//", "/*", "--",
        "<", "<a ", "<a =", "<a on=", "<script ", "<a onx=\"", "|", "| sh", "curl |", "curl ", "$(", "bash -c ", "; ", "';", "'; ", "drop ", "select ", "from ", "union select ", "rm -rf ", "rm ",
        "import ", "from a import ", "import a as b ", "require('", "const x = require('", "\\", "\n", " ", "f\"{", "f\"{x}\"", "${", "$", "system ", "include ", "/dev/tcp/", "unsafe {", "a<b>(", ">>>>(", "new ", ".", "..", "é", "() { :;", ":(){",
        "eval(request.args,", "exec base64 -d ", "Invoke-", "new-new-new-", "a=b ", "-e ", "a,", "x:=", "?.", "<?php", "as ",
    ];

    [TestCaseSource(nameof(Units))]
    public void Scan_HostileText_WorkIsLinear(string unit)
    {
        var small = Steps(unit, Length);
        var large = Steps(unit, Length * 16);
        Assert.That(large, Is.LessThanOrEqualTo(18 * (small + 256)), $"{small} steps, then {large}");
    }

    // A second measure that does not trust the counters: quadratic work on a quarter of a megabyte would take minutes.
    [TestCaseSource(nameof(Units))]
    public void Scan_LargeHostileText_TakesNoTimeToSpeakOf(string unit)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, 262_144 / Encoding.UTF8.GetByteCount(unit))));
        var start = TimeProvider.System.GetTimestamp();
        Plan.NewSession().Scan(text, []);
        Assert.That(TimeProvider.System.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    private static long Steps(string unit, int length)
    {
        var session = Plan.NewSession();
        session.Scan(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, length / Encoding.UTF8.GetByteCount(unit)))), []);
        return session.Matchers.Sum(m => m.Steps);
    }
}

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
        "eval(request.args,", "exec base64 -d ", "Invoke-", "new-new-new-", "a=b ", "-e ", "a,", "x:=", "?.", "<?php", "as ", "~~~\n```\n", "```\n~~~\n", "```js\n/[", "=/[", "from a import b, ", "from from ", "a<a<a<", "eval<b<c>(", "a>(", "iex ", "fetch ", "program copy ", "(\n", "eval/**/", "a                ", "$x=\"", "`${",
    ];

    [TestCaseSource(nameof(Units))]
    public void Scan_HostileText_WorkIsLinear(string unit)
    {
        var small = Steps(unit, Length);
        var large = Steps(unit, Length * 16);
        Assert.That(large, Is.LessThanOrEqualTo(18 * (small + 256)), $"{small} steps, then {large}");
    }

    // What is written to hurt costs more than an ordinary program that is read, but not by orders of magnitude.
    [TestCaseSource(nameof(Units))]
    public void Scan_HostileText_CostsAtMostTwentyTimesWhatAProgramDoes(string unit)
    {
        const string Program = "import os\n\ndef run(name):\n    path = os.path.join('a', name)\n    with open(path) as f:\n        return f.read()  # all of it\n\n";
        Assert.That((double)Steps(unit, Length * 16) / Length, Is.LessThanOrEqualTo(20.0 * Steps(Program, Length * 16) / Length));
    }

    private static long Steps(string unit, int length)
    {
        var session = Plan.NewSession();
        session.Scan(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, length / Encoding.UTF8.GetByteCount(unit)))), []);
        return session.Matchers.Sum(m => m.Steps);
    }
}

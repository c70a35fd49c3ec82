using LlmGuard.Plugins.CodeSanitation.Rules;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

public sealed class RuleTests
{
    public static IEnumerable<TestCaseData> High => Samples.High.Select(s => new TestCaseData(s.Rule, s.Text));

    public static IEnumerable<TestCaseData> Medium => Samples.Medium.Select(s => new TestCaseData(s.Rule, s.Text));

    public static IEnumerable<TestCaseData> Low => Samples.Low.Select(s => new TestCaseData(s.Rule, s.Text));

    [TestCaseSource(nameof(High))]
    public void Judge_GraveCode_IsFoundByDefault(string rule, string text)
    {
        Assert.That(Code.Rules(text, "high"), Does.Contain(rule));
        Assert.That(Code.Judge("{}", text).Outcome, Is.EqualTo(VerdictOutcome.Block));
    }

    [TestCaseSource(nameof(Medium))]
    public void Judge_DynamicCode_IsFoundByDefault(string rule, string text)
    {
        Assert.That(Code.Rules(text, "medium"), Does.Contain(rule));
        Assert.That(Code.Judge("{}", text).Outcome, Is.EqualTo(VerdictOutcome.Block));
        Assert.That(Code.Judge("""{"min_severity": "high"}""", text).Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    [TestCaseSource(nameof(Low))]
    public void Judge_LesserCode_IsFoundOnRequestOnly(string rule, string text)
    {
        Assert.That(Code.Rules(text), Does.Contain(rule));
        Assert.That(Code.Judge("{}", text).Outcome, Is.EqualTo(VerdictOutcome.Allow));
    }

    [TestCaseSource(typeof(Samples), nameof(Samples.Innocent))]
    public void Judge_InnocentText_IsAllowed(string text)
    {
        Assert.That(Code.Rules(text, "medium"), Is.Empty);
    }

    [Test]
    public void Judge_FencedCode_IsFoundWhereItStands()
    {
        const string Text = "Here you are:\n\n```js\neval(req.query.code)\n```\nDone.";
        var finding = Code.Judge("{\"action\": \"flag\"}", Text).Findings.Single();
        Assert.Multiple(() =>
        {
            Assert.That(Text.Substring(finding.Span.Start, finding.Span.Length), Is.EqualTo("eval(req.query.code)"));
            Assert.That(finding.Rule, Is.EqualTo("javascript.evaluation.untrusted"));
            Assert.That(finding.Type, Is.EqualTo("dynamic_evaluation"));
            Assert.That(finding.Severity, Is.EqualTo(FindingSeverity.High));
        });
    }

    [Test]
    public void Judge_FenceOfAnotherLanguage_ReadsCommentsAsThatLanguageDoes()
    {
        Assert.That(Code.Rules("```go\n// eval(req.query.x)\n```", "high"), Is.Empty);
        Assert.That(Code.Rules("```python\n1 // eval(request.args['x'])\n```", "high"), Is.EqualTo(new[] { "python.evaluation.untrusted" }));
    }

    [Test]
    public void Judge_DeepNesting_JudgesTheInnermostCall()
    {
        var text = string.Concat(Enumerable.Repeat("f(", 3000)) + "eval(request.args['x'])" + new string(')', 3000);
        Assert.That(Code.Rules(text, "high"), Does.Contain("python.evaluation.untrusted"));
    }

    [Test]
    public void Rules_AllIds_AreUniqueAndNamed()
    {
        Assert.That(CodeCatalog.Rules.Select(r => r.Id), Is.Unique);
        Assert.That(CodeCatalog.Rules.Select(r => r.Severity), Is.Ordered.Descending);
        Assert.That(CodeCatalog.Sinks.SelectMany(s => s.NameList).Max(n => n.Length), Is.LessThanOrEqualTo(SinkTable.LongestName));
    }
}

using LlmGuard.Tests.Purity;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

public sealed class PurityTests
{
    private static readonly string[] Texts =
    [
        "import os; os.system('rm -rf /')", "eval(input())", "<script>alert(1)</script>", "<scr", "ipt>alert(1)</script>", "nothing to see",
        "the weather is fine", "x = 1 + 2", "please review my essay", "",
    ];

    [TestCase("sanitize")]
    [TestCase("flag")]
    [TestCase("block")]
    public void Evaluate_WithoutWhatIsCleanAlone_SaysTheSame(string action) =>
        SegmentPurity.Check(Code.Evaluator($$"""{"action": "{{action}}", "min_severity": "low"}"""), Texts);

    [Test]
    public void Sanitize_FilteredView_EditsTheSegmentThatWasFound()
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText("harmless", new SegmentInfo { Role = SegmentRole.System });
        builder.AddText("<script>alert(1)</script>", new SegmentInfo { Role = SegmentRole.User });
        var view = builder.Build().Where(0, static (_, segment) => segment.Role == SegmentRole.User);

        var verdict = Code.Judge("""{"action": "sanitize", "min_severity": "low"}""", view);

        Assert.That(verdict.Edits.Select(e => e.Segment).Distinct(), Is.EqualTo(new[] { 1 }));
    }
}

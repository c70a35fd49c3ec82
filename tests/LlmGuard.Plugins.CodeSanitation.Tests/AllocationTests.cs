using LlmGuard.Tests.Allocation;

namespace LlmGuard.Plugins.CodeSanitation.Tests;

/// <summary>A call in which nothing is found allocates nothing once the evaluator has worked.</summary>
public sealed class AllocationTests
{
    [Test]
    public void EvaluateAsync_CleanProse_AllocatesNothing()
    {
        var evaluator = new CodeSanitationPlugin().Create(GuardrailSettings.Parse("{}"));
        var builder = new GuardrailContentBuilder();
        for (var i = 0; i < 3; i++)
        {
            builder.AddText("Order before Friday (12.5% off); where we select, import and update it is <open> to all. ",
                new SegmentInfo { Role = SegmentRole.User, Kind = SegmentKind.Message });
        }

        Assert.That(CleanCall.LeastAllocated(evaluator, builder.Build()), Is.Zero);
    }

    // What is read and found harmless, as most answers about programs are.
    [Test]
    public void EvaluateAsync_HarmlessProgram_AllocatesNothing()
    {
        var evaluator = new CodeSanitationPlugin().Create(GuardrailSettings.Parse("{}"));
        var builder = new GuardrailContentBuilder();
        builder.AddText(
            "So:\n```python\nfrom math import pi as p\ndef area(r):\n    return p * r ** 2\n```\nand\n```bash\nls `pwd`\n```\n",
            new SegmentInfo { Role = SegmentRole.Assistant, Kind = SegmentKind.Message });

        Assert.That(CleanCall.LeastAllocated(evaluator, builder.Build()), Is.Zero);
    }
}

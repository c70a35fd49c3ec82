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
}

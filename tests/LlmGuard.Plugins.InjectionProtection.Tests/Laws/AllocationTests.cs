using LlmGuard.Tests.Allocation;

namespace LlmGuard.Plugins.InjectionProtection.Tests.Laws;

/// <summary>A call in which nothing is found allocates nothing once the evaluator has worked.</summary>
public sealed class AllocationTests
{
    [TestCase("""{}""")]
    [TestCase(Injection.Prompts)]
    [TestCase(Injection.Indirect)]
    public void EvaluateAsync_CleanProse_AllocatesNothing(string settings)
    {
        var evaluator = Injection.Evaluator(settings);
        var builder = new GuardrailContentBuilder();
        foreach (var (role, kind) in new[] { (SegmentRole.User, SegmentKind.Message), (SegmentRole.Assistant, SegmentKind.Message),
            (SegmentRole.Tool, SegmentKind.ToolResult) })
        {
            builder.AddText("The meeting is at 3.30 p.m., isn't it? We'll talk about \"costs\" (12.5% more).\nThen lunch, and a walk. ",
                new SegmentInfo { Role = role, Kind = kind });
        }

        Assert.That(CleanCall.LeastAllocated(evaluator, builder.Build()), Is.Zero);
    }

    // Ids, hashes and long paths are written in the letters of an encoding.
    [TestCase("""{}""")]
    [TestCase(Injection.Indirect)]
    public void EvaluateAsync_RowsThatMayBeEncoded_AllocateNothing(string settings)
    {
        var evaluator = Injection.Evaluator(settings);
        var builder = new GuardrailContentBuilder();
        builder.AddText("{\"id\": \"3f9a7c1de2b84f60aa71\", \"file\": \"share/documents/quarterly/report\"}",
            new SegmentInfo { Role = SegmentRole.Tool, Kind = SegmentKind.ToolResult });

        Assert.That(CleanCall.LeastAllocated(evaluator, builder.Build()), Is.Zero);
    }
}

namespace LlmGuard.Tests.Allocation;

/// <summary>A call in which an evaluator finds nothing.</summary>
internal static class CleanCall
{
    private const int Rounds = 50;

    /// <summary>The fewest bytes that one of many evaluations has allocated: what warming up takes is not counted.</summary>
    public static long LeastAllocated(IGuardrailEvaluator evaluator, GuardrailContent content)
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, content);
        var least = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var verdict = evaluator.EvaluateAsync(call, CancellationToken.None);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.That(verdict.AsTask().GetAwaiter().GetResult().Findings, Is.Empty);
        }

        return least;
    }
}

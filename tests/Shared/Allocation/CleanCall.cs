namespace LlmGuard.Tests.Allocation;

/// <summary>A call in which an evaluator finds nothing.</summary>
internal static class CleanCall
{
    /// <summary>The fewest bytes that one of many evaluations has allocated.</summary>
    public static long LeastAllocated(IGuardrailEvaluator evaluator, GuardrailContent content)
    {
        var call = new GuardrailCall(GuardrailStage.PreRequest, content);
        var verdict = default(ValueTask<GuardrailVerdict>);
        var least = Allocation.LeastAllocated.By(() => { verdict = evaluator.EvaluateAsync(call, CancellationToken.None); });
        Assert.That(verdict.AsTask().GetAwaiter().GetResult().Findings, Is.Empty);
        return least;
    }
}

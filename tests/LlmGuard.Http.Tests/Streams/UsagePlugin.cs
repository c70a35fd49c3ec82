namespace LlmGuard.Http.Tests.Streams;

/// <summary>Settles by the usage at the end of a call, as a limiter of tokens would.</summary>
internal sealed class UsagePlugin : IGuardrailPlugin, IGuardrailEvaluator
{
    private readonly TaskCompletionSource<(CallEnding? Ending, long? Tokens)> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public GuardrailPluginMetadata Metadata { get; } = new("usage")
    {
        Stages = [GuardrailStage.PostResponse],
        DefaultStages = [GuardrailStage.PostResponse],
        Needs = GuardrailNeeds.Usage,
    };

    /// <summary>What it was told at the end.</summary>
    public Task<(CallEnding? Ending, long? Tokens)> Settled => _settled.Task;

    /// <summary>How often it was told.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public IGuardrailEvaluator Create(GuardrailSettings settings) => this;

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        _settled.TrySetResult((call.Ending, call.Usage?.Total));
        return ValueTask.FromResult(GuardrailVerdict.Allow);
    }
}

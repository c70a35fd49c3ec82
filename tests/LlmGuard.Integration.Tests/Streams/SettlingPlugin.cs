namespace LlmGuard.Integration.Tests.Streams;

/// <summary>Settles by the usage at the end of a call, as a limiter of tokens would; or only wants to know how the call ended.</summary>
internal sealed class SettlingPlugin(GuardrailNeeds needs) : IGuardrailPlugin, IGuardrailEvaluator
{
    private readonly TaskCompletionSource<(CallEnding? Ending, long? Tokens)> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public GuardrailPluginMetadata Metadata => field ??= new GuardrailPluginMetadata("settling")
    {
        Stages = [GuardrailStage.PostResponse],
        DefaultStages = [GuardrailStage.PostResponse],
        Needs = needs,
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

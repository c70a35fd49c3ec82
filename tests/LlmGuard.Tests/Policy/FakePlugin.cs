namespace LlmGuard.Tests.Policy;

/// <summary>A plugin whose settings are read by a delegate; remembers its evaluators.</summary>
internal sealed class FakePlugin(string name, Action<GuardrailSettings>? read = null) : IGuardrailPlugin
{
    private readonly Lock _lock = new();
    private readonly List<FakeEvaluator> _created = [];

    public GuardrailPluginMetadata Metadata { get; init; } = new(name)
    {
        Stages = [GuardrailStage.PreRequest, GuardrailStage.PreResponse],
        DefaultPriority = 7,
        DefaultTimeoutMs = 1234,
    };

    public IReadOnlyList<FakeEvaluator> Created
    {
        get
        {
            lock (_lock)
            {
                return [.. _created];
            }
        }
    }

    public static FakePlugin WithSecret(string name = "judge") => new(name, s =>
    {
        s.Int32("level", 1, 0, 10);
        s.Secret("api_key", s.HttpUri("endpoint"));
    });

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        read?.Invoke(settings);
        var evaluator = new FakeEvaluator();
        lock (_lock)
        {
            _created.Add(evaluator);
        }

        return evaluator;
    }
}

/// <summary>An evaluator that remembers whether it was disposed.</summary>
internal sealed class FakeEvaluator : IGuardrailEvaluator, IDisposable
{
    private int _disposals;

    public int Disposals => Volatile.Read(ref _disposals);

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);

    public void Dispose() => Interlocked.Increment(ref _disposals);
}

namespace LlmGuard.Tests.Execution.Doubles;

/// <summary>An evaluator that does what the test says and remembers what it was given.</summary>
internal sealed class ScriptedEvaluator(Func<GuardrailCall, CancellationToken, ValueTask<GuardrailVerdict>> script) : IGuardrailEvaluator
{
    private readonly Lock _gate = new();
    private readonly List<GuardrailCall> _calls = [];

    public ScriptedEvaluator(GuardrailVerdict verdict)
        : this((_, _) => new ValueTask<GuardrailVerdict>(verdict))
    {
    }

    public IReadOnlyList<GuardrailCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The first segment's text of each call.</summary>
    public List<string> Texts { get; } = [];

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _calls.Add(call);
            Texts.Add(call.Content.Count > 0 ? call.Content[0].Text : "");
        }

        return script(call, cancellationToken);
    }
}

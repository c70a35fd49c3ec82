namespace LlmGuard.Policy.Evaluators;

/// <summary>An evaluator that several revisions of the policy may share; disposed when the last one lets go.</summary>
internal sealed class EvaluatorHandle(IGuardrailEvaluator evaluator, string fingerprint, Action<IGuardrailEvaluator> dispose)
{
    private int _references = 1;

    public IGuardrailEvaluator Evaluator => evaluator;

    /// <summary>Equal for entries of equal level, owner, id, plugin, settings and secrets. Never leaves the process.</summary>
    public string Fingerprint => fingerprint;

    /// <summary>The keys the plugin reads itself: a legacy key among them belongs to the plugin.</summary>
    public required IReadOnlySet<string> PluginKeys { get; init; }

    public required IReadOnlyList<BoundSecret> Secrets { get; init; }

    /// <summary>Only for a holder of a reference.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            dispose(evaluator);
        }
    }
}

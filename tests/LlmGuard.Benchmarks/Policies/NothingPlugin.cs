namespace LlmGuard.Benchmarks.Policies;

/// <summary>Finds nothing, at once.</summary>
internal sealed class NothingPlugin : IGuardrailPlugin
{
    public const string Name = "nothing";

    public GuardrailPluginMetadata Metadata { get; } = new(Name) { RunsInline = true };

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        settings.Int32("number", 0);
        return new NothingEvaluator();
    }
}

/// <summary>The same for a plugin that does not promise to be quick, and is run on the thread pool under its deadline.</summary>
internal sealed class PooledNothingPlugin : IGuardrailPlugin
{
    public const string Name = "nothing_pooled";

    public GuardrailPluginMetadata Metadata { get; } = new(Name);

    public IGuardrailEvaluator Create(GuardrailSettings settings)
    {
        settings.Int32("number", 0);
        return new NothingEvaluator();
    }
}

internal sealed class NothingEvaluator : IGuardrailEvaluator
{
    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken) => new(GuardrailVerdict.Allow);
}

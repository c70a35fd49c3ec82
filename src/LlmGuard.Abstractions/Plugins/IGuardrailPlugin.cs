namespace LlmGuard;

/// <summary>A kind of guardrail. One stateless instance serves every policy entry that names it.</summary>
/// <remarks>
/// Registered with <c>AddPlugin</c> on the builder that <c>services.AddAiGuardrails()</c> returns; dependencies come through the constructor.
/// Implementations are safe for concurrent use. State that outlives a call (counters, caches) belongs into services of the application,
/// keyed by <see cref="GuardrailEntry"/>, not into the plugin or its evaluators.
/// </remarks>
public interface IGuardrailPlugin
{
    /// <summary>Name, stages, priority and needs. The same object on every read.</summary>
    GuardrailPluginMetadata Metadata { get; }

    /// <summary>Reads the settings of one policy entry and makes its evaluator.</summary>
    /// <param name="settings">
    /// The entry's settings. Every key must be read on every call, whatever the values: keys nobody read are refused, and the reads themselves
    /// are the schema. A problem does not throw; the reader hands out a harmless value, collects the problem with its path, and the engine
    /// discards the evaluator. The same happens when a schema is made, with no settings present at all.
    /// </param>
    /// <returns>
    /// An evaluator that is safe for concurrent use. It is kept across policy reloads while its settings are unchanged and, if it implements
    /// <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/>, disposed after the last call that uses it.
    /// </returns>
    IGuardrailEvaluator Create(GuardrailSettings settings);
}

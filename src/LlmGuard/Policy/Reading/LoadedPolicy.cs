using LlmGuard.Policy.Evaluators;

namespace LlmGuard.Policy.Reading;

/// <summary>A document that was read, with what must live as long as it is in use.</summary>
/// <param name="Document">The document.</param>
/// <param name="Evaluators">Its evaluators by fingerprint; whoever holds this holds a reference to each.</param>
/// <param name="Secrets">The secrets it uses and where they go.</param>
internal sealed record LoadedPolicy(
    PolicyDocument Document,
    IReadOnlyDictionary<string, EvaluatorHandle> Evaluators,
    IReadOnlyList<BoundSecretUse> Secrets)
{
    public static IReadOnlyDictionary<string, EvaluatorHandle> NoEvaluators { get; } = new Dictionary<string, EvaluatorHandle>();

    public void Release()
    {
        foreach (var evaluator in Evaluators.Values)
        {
            evaluator.Release();
        }
    }
}

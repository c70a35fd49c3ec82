using System.Runtime.CompilerServices;

namespace LlmGuard.Http.Client;

/// <summary>Keeps decisions beside responses, which have no place of their own for them.</summary>
internal static class DecisionTable
{
    private static readonly ConditionalWeakTable<HttpResponseMessage, GuardrailDecision> Decisions = [];

    public static void Record(HttpResponseMessage response, GuardedCall call)
    {
        var decisions = call.Decisions;
        if (decisions.Count > 0)
        {
            Decisions.AddOrUpdate(response, decisions.FirstOrDefault(static d => !d.IsAllowed) ?? decisions[^1]);
        }
    }

    public static GuardrailDecision? Find(HttpResponseMessage response) => Decisions.TryGetValue(response, out var decision) ? decision : null;
}

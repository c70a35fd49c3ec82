using System.Runtime.CompilerServices;

namespace LlmGuard.Http.Client;

/// <summary>Keeps decisions beside responses, which have no place of their own for them.</summary>
internal static class DecisionTable
{
    private static readonly ConditionalWeakTable<HttpResponseMessage, GuardrailDecision> Decisions = [];

    public static void Record(HttpResponseMessage response, GuardedCall call)
    {
        if (Determining(call) is { } decision)
        {
            Decisions.AddOrUpdate(response, decision);
        }
    }

    private static GuardrailDecision? Determining(GuardedCall call)
    {
        GuardrailDecision? determining = null;
        for (var i = 0; i < call.DecisionCount && determining is not { IsAllowed: false }; i++)
        {
            determining = call.DecisionAt(i);
        }

        return determining;
    }

    public static GuardrailDecision? Find(HttpResponseMessage response) => Decisions.TryGetValue(response, out var decision) ? decision : null;
}

using LlmGuard.Planning;

namespace LlmGuard.AspNetCore.Responses;

/// <summary>What has to happen to an answer before it leaves.</summary>
internal enum ResponseTreatment
{
    /// <summary>Nothing: it passes as it is written.</summary>
    Pass,

    /// <summary>Entries that read nothing of it decide before its first byte; then it passes as it is written.</summary>
    JudgeHead,

    /// <summary>It is held whole, inspected and released.</summary>
    Hold,
}

/// <summary>Finds the treatment a plan asks for.</summary>
internal static class ResponseTreatments
{
    private const GuardrailNeeds OfAnswer = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.Usage;

    public static ResponseTreatment Of(EffectivePlan plan)
    {
        var stage = plan[GuardrailStage.PreResponse];
        return plan.Restores ? ResponseTreatment.Hold
            : (stage.Sequential.IsEmpty && stage.Parallel.IsEmpty) ? ResponseTreatment.Pass
            : IsRead(plan) ? ResponseTreatment.Hold
            : ResponseTreatment.JudgeHead;
    }

    /// <summary>Whether only entries that change nothing read the answer, so that a copy is kept while it passes.</summary>
    public static bool IsObserved(EffectivePlan plan) => Of(plan) == ResponseTreatment.Pass && IsRead(plan);

    private static bool IsRead(EffectivePlan plan) =>
        ((plan[GuardrailStage.PreResponse].Needs | plan[GuardrailStage.PostResponse].Needs) & OfAnswer) != 0;
}

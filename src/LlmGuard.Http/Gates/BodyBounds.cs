using LlmGuard.Planning;

namespace LlmGuard.Http.Gates;

/// <summary>Whether a plan reads a request's body, and how much of it.</summary>
internal readonly record struct BodyBounds(long MaxBytes, int MaxDepth)
{
    private const GuardrailNeeds OfBody = GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics;

    public static bool IsBodyNeeded(EffectivePlan plan) =>
        ((plan[GuardrailStage.PreRequest].Needs | plan[GuardrailStage.PostRequest].Needs) & OfBody) != 0
        || LaterStagesReadRequest(plan);

    /// <summary>The plan's limits, narrowed by those of the enforcing entries: a monitoring entry must not stop a body from being read.</summary>
    public static BodyBounds Of(EffectivePlan plan)
    {
        var bytes = plan.Limits.MaxBodyBytes;
        var depth = plan.Limits.MaxDepth;
        var stage = plan[GuardrailStage.PreRequest];
        foreach (var entry in stage.Sequential)
        {
            Narrow(entry);
        }

        foreach (var entry in stage.Parallel)
        {
            Narrow(entry);
        }

        return new BodyBounds(bytes, depth);

        void Narrow(PlanEntry entry)
        {
            if (entry.Evaluator is IBodyLimits limits)
            {
                bytes = Math.Min(bytes, limits.MaxBodyBytes ?? bytes);
                depth = Math.Min(depth, limits.MaxJsonDepth ?? depth);
            }
        }
    }

    private static bool LaterStagesReadRequest(EffectivePlan plan) =>
        ((plan[GuardrailStage.PreResponse].Needs | plan[GuardrailStage.PostResponse].Needs) & GuardrailNeeds.RequestContent) != 0;
}

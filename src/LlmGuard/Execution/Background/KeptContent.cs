using LlmGuard.Execution.Evaluations;

namespace LlmGuard.Execution.Background;

/// <summary>Which content of a call somebody reads once its stage is over, so that a copy is kept.</summary>
internal static class KeptContent
{
    private const GuardrailNeeds AllSources = GuardrailNeeds.Content | GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery;

    /// <summary>Whether a copy of the stage's content is wanted later.</summary>
    public static bool IsWanted(GuardedCallCore call, GuardrailStage stage) => stage switch
    {
        GuardrailStage.PreRequest =>
            ((call.Plan[GuardrailStage.PreResponse].Needs | call.Plan[GuardrailStage.PostResponse].Needs) & GuardrailNeeds.RequestContent) != 0
            || call.Services.Contents.IsWanted,
        GuardrailStage.PreResponse => (call.Plan[GuardrailStage.PostResponse].Needs & AllSources) != 0 || call.Services.Contents.IsWanted,
        _ => false,
    };

    /// <summary>Whether somebody reads the answer after it has left.</summary>
    public static bool IsAnswerWanted(GuardedCallCore call) =>
        IsWanted(call, GuardrailStage.PreResponse) || call.Plan[GuardrailStage.PreResponse].Monitor.Any(EntryContent.ReadsSegments);

    /// <summary>Keeps the copy that later stages need; false when an enforcing one needs it and there is no room.</summary>
    public static bool TryKeep(GuardedCallCore call, GuardrailStage stage, GuardrailContent content)
    {
        if (!IsWanted(call, stage) || call.Copies.TryKeep(content, stage == GuardrailStage.PreResponse))
        {
            return true;
        }

        var later = call.Plan[GuardrailStage.PostResponse].EnforcedNeeds;
        return stage == GuardrailStage.PreRequest
            ? ((call.Plan[GuardrailStage.PreResponse].EnforcedNeeds | later) & GuardrailNeeds.RequestContent) == 0
            : (later & AllSources) == 0;
    }
}

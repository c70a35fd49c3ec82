namespace LlmGuard.Telemetry;

/// <summary>The words of the policy and of the telemetry for stages, actions, outcomes and failure classes.</summary>
internal static class Words
{
    public static string Of(GuardrailStage stage) => stage switch
    {
        GuardrailStage.PreRequest => "pre_request",
        GuardrailStage.PostRequest => "post_request",
        GuardrailStage.PreResponse => "pre_response",
        _ => "post_response",
    };

    public static string Of(GuardrailAction action) => action switch
    {
        GuardrailAction.Allow => "allow",
        GuardrailAction.Flag => "flag",
        GuardrailAction.Modify => "modify",
        _ => "block",
    };

    public static string Of(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Allow => "allow",
        VerdictOutcome.Flag => "flag",
        VerdictOutcome.Modify => "modify",
        _ => "block",
    };

    public static string Of(FailureClass failureClass) => failureClass switch
    {
        FailureClass.Input => "input",
        FailureClass.Output => "output",
        _ => "availability",
    };
}

using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>The order in which conclusions outrank each other, from mild to severe.</summary>
internal enum DecisionRank
{
    Allow,
    Flag,
    Modify,

    /// <summary>From here on the call is refused: a guardrail that must run is not there.</summary>
    Availability,

    /// <summary>Input or output that cannot be inspected.</summary>
    Uninspectable,

    /// <summary>A verdict.</summary>
    Block,
}

/// <summary>Ranks conclusions.</summary>
internal static class Ranking
{
    /// <summary>The rank of a conclusion; of a monitoring entry's, what it would be if the entry enforced.</summary>
    public static DecisionRank Of(Conclusion conclusion, GuardrailStage stage) => conclusion switch
    {
        { Failure: { } failure } => Of(failure, stage, conclusion.Entry.OnError),
        { WasCancelled: true } => DecisionRank.Allow,
        { Outcome: VerdictOutcome.Block } => DecisionRank.Block,
        { Outcome: VerdictOutcome.Modify } => DecisionRank.Modify,
        { Outcome: VerdictOutcome.Flag } => DecisionRank.Flag,
        _ => DecisionRank.Allow,
    };

    /// <summary>The rank of a failure.</summary>
    public static DecisionRank Of(GuardrailFailure failure, GuardrailStage stage, FailurePolicy onError) =>
        FailureTable.Rule(failure, stage, EntryMode.Enforce, onError) switch
        {
            { Consequence: not FailureConsequence.Refuse } => DecisionRank.Flag,
            { Class: FailureClass.Availability } => DecisionRank.Availability,
            _ => DecisionRank.Uninspectable,
        };

    public static bool IsFailedOpen(Conclusion conclusion, GuardrailStage stage) =>
        conclusion.Failure is { } failure
        && FailureTable.Rule(failure, stage, conclusion.Entry.Mode, conclusion.Entry.OnError).Consequence == FailureConsequence.FailOpen;

    /// <summary>What was done, given the highest rank. After the answer nothing can be refused any more.</summary>
    public static GuardrailAction ActionOf(DecisionRank rank, GuardrailStage stage) => rank switch
    {
        DecisionRank.Allow => GuardrailAction.Allow,
        DecisionRank.Flag => GuardrailAction.Flag,
        DecisionRank.Modify => GuardrailAction.Modify,
        _ => stage == GuardrailStage.PostResponse ? GuardrailAction.Flag : GuardrailAction.Block,
    };
}

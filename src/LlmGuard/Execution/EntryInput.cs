using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>What one evaluation is made with.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Call">What its evaluator is given.</param>
/// <param name="Slot">The entry's state in this call, taken for this evaluation.</param>
/// <param name="Earlier">The edits that led to the content.</param>
/// <param name="MaxFindings">The policy's limit on findings, and on edits.</param>
/// <param name="IsDetached">Whether the content is a copy that does not live in the call's buffers.</param>
internal readonly record struct EntryInput(
    PlanEntry Entry,
    GuardrailCall Call,
    CallStates.Slot Slot,
    TextEdit[] Earlier,
    int MaxFindings,
    bool IsDetached)
{
    public GuardrailStage Stage => Call.Stage;
}

/// <summary>The content of a stage as one entry finds it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Content">The content, not yet filtered for the entry.</param>
/// <param name="Earlier">The edits that led to it.</param>
/// <param name="IsDetached">Whether it is a copy that does not live in the call's buffers.</param>
internal readonly record struct StageContent(GuardrailStage Stage, GuardrailContent Content, TextEdit[] Earlier, bool IsDetached);

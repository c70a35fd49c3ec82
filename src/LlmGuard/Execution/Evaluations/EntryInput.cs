using LlmGuard.Caching;
using LlmGuard.Planning;

namespace LlmGuard.Execution.Evaluations;

/// <summary>What one evaluation is made with.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Call">What its evaluator is given.</param>
/// <param name="Earlier">The edits that led to the content.</param>
/// <param name="MaxFindings">The policy's limit on findings, and on edits.</param>
/// <param name="IsDetached">Whether the content is a copy that does not live in the call's buffers.</param>
/// <param name="Unknown">What the entry has yet to judge of the content, which is all it is given; null when it does not remember clean
/// texts.</param>
internal readonly record struct EntryInput(
    PlanEntry Entry,
    GuardrailCall Call,
    TextEdit[] Earlier,
    int MaxFindings,
    bool IsDetached,
    UnknownSegments? Unknown)
{
    public GuardrailStage Stage => Call.Stage;

    /// <summary>Remembers which texts a conclusion shows to be clean.</summary>
    /// <param name="conclusion">The conclusion.</param>
    /// <param name="wasStopped">Whether the evaluator was told to stop, and may have looked at a part only.</param>
    public void Settle(Conclusion conclusion, bool wasStopped)
    {
        if (!wasStopped)
        {
            Unknown?.Settle(conclusion, MaxFindings);
        }
    }
}

/// <summary>The content of a stage as one entry finds it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Content">The content, not yet filtered for the entry.</param>
/// <param name="Earlier">The edits that led to it.</param>
/// <param name="IsDetached">Whether it is a copy that does not live in the call's buffers.</param>
/// <param name="Hashes">Hashes of its segments, for entries that remember clean texts; null when none does.</param>
internal readonly record struct StageContent(GuardrailStage Stage, GuardrailContent Content,
    TextEdit[] Earlier, bool IsDetached, SegmentHashes? Hashes = null);

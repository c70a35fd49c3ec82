namespace LlmGuard;

/// <summary>
/// An evaluator that judges every text by itself, so that a text in which it has found nothing need not be judged again in a later call. What a
/// policy entry needs to be allowed <c>"cache": true</c>.
/// </summary>
/// <remarks>
/// Where <see cref="IsPurePerSegment"/> says yes, the evaluator promises:
/// <list type="bullet">
/// <item>What it finds in a segment depends only on its settings, the stage, and the segment's text, role, kind, source, name and editability: not on
/// the segments around it or their number, the position, the caller, earlier calls, or anything that changes. Parts of one
/// <see cref="JoinedText"/> may depend on one another and on nothing else.</item>
/// <item>A content without the segments (and joined texts) in which it finds nothing gets the same verdict as with them, and one that is left
/// empty so is allowed.</item>
/// <item>Every segment in which it found anything is named by a finding or an edit, unless the verdict blocks, is a failure, or has so many findings
/// that it was cut short: 1,000, or <see cref="GuardrailCall.MaxFindings"/> if that is less.</item>
/// </list>
/// </remarks>
public interface ISegmentEvaluator : IGuardrailEvaluator
{
    /// <summary>Whether the promise holds at a stage, with the settings this evaluator was made of. Always the same.</summary>
    /// <param name="stage">One of the plugin's stages.</param>
    bool IsPurePerSegment(GuardrailStage stage);
}

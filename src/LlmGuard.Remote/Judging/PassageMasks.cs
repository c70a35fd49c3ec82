using LlmGuard.Remote.Texts;

namespace LlmGuard.Remote.Judging;

/// <summary>Collects what a judge wants replaced, mapped to the segments, as far as the stage and the segments let it.</summary>
/// <param name="call">The call.</param>
internal sealed class PassageMasks(GuardrailCall call)
{
    private readonly HashSet<SegmentEdit> _edits = [];
    private bool _isImpossible;

    /// <summary>Asks for a replacement.</summary>
    /// <param name="passage">The passage.</param>
    /// <param name="span">A span of its UTF-8 that cuts no code point.</param>
    /// <param name="replacement">What it becomes; a span over several segments is replaced in each.</param>
    public void Add(Passage passage, TextSpan span, Replacement replacement)
    {
        foreach (var (segment, piece) in passage.Map(span))
        {
            switch (call.Stage == GuardrailStage.PostRequest ? EditScope.None : segment.Editability.Scope)
            {
                case EditScope.Span:
                    _edits.Add(new SegmentEdit(segment.Index, piece, replacement));
                    break;
                case EditScope.WholeValue:
                    _edits.Add(new SegmentEdit(segment.Index, new TextSpan(0, segment.Utf8.Length), replacement));
                    break;
                default:
                    _isImpossible = true;
                    break;
            }
        }
    }

    /// <summary>The verdict: the edits; a failure when one of them is not possible; a flag or an allow when there are none.</summary>
    /// <param name="findings">What was found.</param>
    public GuardrailVerdict Conclude(IReadOnlyList<GuardrailFinding> findings) =>
        _isImpossible ? GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable)
        : _edits.Count > 0 ? GuardrailVerdict.Modify([.. _edits], findings)
        : findings.Count > 0 ? GuardrailVerdict.Flag(findings)
        : GuardrailVerdict.Allow;
}

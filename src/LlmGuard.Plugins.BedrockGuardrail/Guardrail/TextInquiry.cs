using System.Text.Json;
using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>One text, which may come back masked.</summary>
internal sealed class TextInquiry(BedrockSettings settings, Placeholders placeholders, GuardrailCall call, Passage passage)
    : GuardrailInquiry(settings, call)
{
    protected override (int Segment, TextSpan Span) Place => PlaceOf(passage);

    protected override void WriteContent(Utf8JsonWriter body) => WriteText(body, passage.Utf8.Span);

    protected override GuardrailVerdict Conclude(AssessmentReading reading, List<GuardrailFinding> findings)
    {
        var masks = new PassageMasks(Call);
        if (reading.Anonymised.Count > 0)
        {
            // Bedrock gives the text back whole. What it changed is found by comparing; what cannot be found exactly is not passed.
            if (reading.Outputs is not [var output] || AnonymisedText.Align(passage.Utf8.Span, output, reading.Anonymised) is not { } changes)
            {
                return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable);
            }

            foreach (var change in changes)
            {
                masks.Add(passage, change.Span, placeholders.Of(change.Text));
                foreach (var (segment, span) in passage.Map(change.Span))
                {
                    findings.Add(new GuardrailFinding(change.Cause.Rule, change.Cause.Type, segment.Index, span));
                }
            }
        }

        return masks.Conclude(findings);
    }
}

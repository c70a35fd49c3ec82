using System.Text.Json;
using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>Whether a piece of an answer is borne out by its sources and has to do with the question.</summary>
/// <remarks>A question beside the one about the answer's text: sources may be long, and coverage of them is not coverage of the answer.</remarks>
internal sealed class GroundingInquiry(BedrockSettings settings, GuardrailCall call, IReadOnlyList<Segment> sources, Segment query, Passage answer)
    : GuardrailInquiry(settings, call)
{
    protected override (int Segment, TextSpan Span) Place => PlaceOf(answer);

    /// <summary>The questions about an answer; none when the conversation holds no source or no query.</summary>
    /// <exception cref="UninspectableContentException">There is more than Bedrock takes, or the policy insists on sources and there are
    /// none.</exception>
    public static IEnumerable<GroundingInquiry> Plan(BedrockSettings settings, GroundingSettings grounding, GuardrailCall call)
    {
        var sources = call.RequestContent?.Where(grounding.IsSource).ToList() ?? [];
        if (sources.Count == 0 || QueryOf(call.RequestContent!) is not { } query)
        {
            return grounding.IsRequired ? throw new UninspectableContentException(FailureReasons.Uninspected) : [];
        }

        if (sources.Sum(s => (long)TextUnit.Utf16.Count(s.Utf8.Span)) > GroundingSettings.MaxSource
            || TextUnit.Utf16.Count(query.Utf8.Span) > GroundingSettings.MaxQuery)
        {
            throw new UninspectableContentException(FailureReasons.LimitExceeded);
        }

        return Passages.Together(call.Content, GroundingSettings.Answer).Select(answer =>
            new GroundingInquiry(settings, call, sources, query, answer));
    }

    protected override void WriteContent(Utf8JsonWriter body)
    {
        foreach (var source in sources)
        {
            WriteText(body, source.Utf8.Span, "grounding_source"u8);
        }

        WriteText(body, query.Utf8.Span, "query"u8);
        WriteText(body, answer.Utf8.Span, "guard_content"u8);
    }

    // Scores that count for nothing prove that there was a check.
    protected override void WriteScope(Utf8JsonWriter body) => body.WriteString("outputScope"u8, "FULL"u8);

    protected override bool IsComplete(AssessmentReading reading) => reading is { IsComplete: true, ChecksGrounding: true };

    protected override GuardrailVerdict Conclude(AssessmentReading reading, List<GuardrailFinding> findings) =>
        findings.Count > 0 ? GuardrailVerdict.Flag(findings) : GuardrailVerdict.Allow;

    // The last thing the user said.
    private static Segment? QueryOf(GuardrailContent request)
    {
        Segment? last = null;
        foreach (var segment in request)
        {
            if (segment.Payload == PayloadKind.Text && segment.Role == SegmentRole.User
                && segment.Kind == SegmentKind.Message && !segment.Utf8.IsEmpty)
            {
                last = segment;
            }
        }

        return last;
    }
}

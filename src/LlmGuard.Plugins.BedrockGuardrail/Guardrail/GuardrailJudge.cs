using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>
/// Which questions a content makes when a guardrail is applied: texts together, one text block each; images one by one; and, for answers, the
/// question whether their sources bear them out.
/// </summary>
/// <remarks>
/// One text per question, since Bedrock gives masked texts back whole, and nothing says in which order or number it does so for several.
/// </remarks>
internal sealed class GuardrailJudge(BedrockSettings settings) : IRemoteJudge
{
    private readonly Placeholders _placeholders = new();

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call)
    {
        var inquiries = new List<JudgeInquiry>(1);
        foreach (var passage in Passages.Together(call.Content, settings.Window))
        {
            inquiries.Add(new TextInquiry(settings, _placeholders, call, passage));
        }

        foreach (var segment in call.Content)
        {
            if (settings.Images && segment is { Payload: PayloadKind.Binary, Uninspected: UninspectedKind.Image }
                && ImageInquiry.FormatOf(segment.Bytes.Span) is { } format)
            {
                inquiries.Add(new ImageInquiry(settings, call, segment, format));
            }
        }

        if (call.IsResponse && settings.Grounding is { } grounding)
        {
            inquiries.AddRange(GroundingInquiry.Plan(settings, grounding, call));
        }

        return inquiries;
    }
}

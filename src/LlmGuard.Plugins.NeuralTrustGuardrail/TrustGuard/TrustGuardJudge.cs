using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary>Which questions a content makes: its texts as messages, images and files with the first of them.</summary>
internal sealed class TrustGuardJudge(NeuralTrustSettings settings) : IRemoteJudge
{
    /// <summary>Most bytes of text in one request.</summary>
    public const int MaxRequestBytes = 64 * 1024;

    /// <summary>Most messages in one request.</summary>
    public const int MaxMessages = 256;

    /// <summary>A longer text is cut into such windows.</summary>
    public static TextLimit Window { get; } = new(TextUnit.Bytes, 32 * 1024, 2 * 1024);

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call)
    {
        var attachments = new List<Segment>();
        foreach (var segment in call.Content)
        {
            if (settings.Attachments && segment.Payload == PayloadKind.Binary && Attachment.CanSend(segment))
            {
                attachments.Add(segment);
            }
        }

        var inquiries = new List<JudgeInquiry>(1);
        foreach (var batch in Passages.Batches(Passages.Each(call.Content, Window), TextUnit.Bytes, MaxRequestBytes, MaxMessages))
        {
            inquiries.Add(Make(call, batch, inquiries.Count == 0 ? attachments : []));
        }

        if (inquiries.Count == 0 && attachments.Count > 0)
        {
            inquiries.Add(Make(call, [], attachments));
        }

        return inquiries;
    }

    private TrustGuardInquiry Make(GuardrailCall call, IReadOnlyList<Passage> passages, IReadOnlyList<Segment> attachments) => settings.Api switch
    {
        NeuralTrustApi.Evaluate => new EvaluateInquiry(call, settings, passages, attachments),
        NeuralTrustApi.GuardLegacy => new LegacyGuardInquiry(call, settings, passages, attachments),
        _ => new GuardInquiry(call, settings, passages, attachments),
    };
}

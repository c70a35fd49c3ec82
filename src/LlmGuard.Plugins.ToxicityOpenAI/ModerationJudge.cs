using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>Which questions a content makes: texts together, each image by itself.</summary>
internal sealed class ModerationJudge(ModerationSettings settings) : IRemoteJudge
{
    /// <summary>Most bytes of text in one request.</summary>
    public const int MaxRequestBytes = 32 * 1024;

    /// <summary>Most texts in one request.</summary>
    public const int MaxTexts = 64;

    /// <summary>
    /// A text is judged in windows of this size, which cost no request of their own: scores of long texts drown in what is harmless.
    /// </summary>
    public static TextLimit Window { get; } = new(TextUnit.Bytes, 8 * 1024, 1024);

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call)
    {
        var inquiries = new List<JudgeInquiry>(1);
        var passages = Passages.Each(call.Content, Window);
        foreach (var batch in Passages.Batches(passages, TextUnit.Bytes, MaxRequestBytes, MaxTexts))
        {
            inquiries.Add(new TextInquiry(settings, batch));
        }

        foreach (var segment in call.Content)
        {
            if (settings.Images && segment is { Payload: PayloadKind.Binary, Uninspected: UninspectedKind.Image } && ImageInquiry.CanSend(segment))
            {
                inquiries.Add(new ImageInquiry(settings, segment));
            }
        }

        return inquiries;
    }
}

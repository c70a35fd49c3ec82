using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Plugins.ExternalApi.Webhook;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ExternalApi;

/// <summary>Which questions a content makes: as many texts in each as the request's form takes.</summary>
internal sealed class ExternalApiJudge(ExternalApiSettings settings) : IRemoteJudge
{
    private readonly TextLimit _window = new(TextUnit.Bytes, settings.MaxTextBytes, Math.Min(1024, settings.MaxTextBytes / 8));

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call)
    {
        var replacements = new ReplacementPool();
        if (settings.Texts == TextUse.None)
        {
            // A service that judges the caller and not the text is asked once, whatever the text.
            return [Ask(new Question(call, [], replacements))];
        }

        var batches = Passages.Batches(
            Passages.Each(call.Content, _window),
            TextUnit.Bytes,
            settings.MaxTextBytes,
            settings.Texts == TextUse.One ? 1 : settings.MaxTexts);
        var inquiries = new JudgeInquiry[batches.Count];
        for (var i = 0; i < inquiries.Length; i++)
        {
            inquiries[i] = Ask(new Question(call, batches[i], replacements));
        }

        return inquiries;
    }

    private ExternalInquiry Ask(Question question) =>
        settings.Webhook is { } webhook ? new WebhookInquiry(settings, webhook, question) : new CustomInquiry(settings, settings.Custom!, question);
}

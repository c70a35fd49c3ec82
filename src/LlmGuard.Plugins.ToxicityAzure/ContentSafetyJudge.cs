using LlmGuard.Plugins.ToxicityAzure.Analysis;
using LlmGuard.Plugins.ToxicityAzure.Material;
using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Plugins.ToxicityAzure.Shields;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ToxicityAzure;

/// <summary>Which questions a content makes.</summary>
internal sealed class ContentSafetyJudge(ContentSafetySettings settings) : IRemoteJudge
{
    /// <summary>What Azure takes as one text, and how much of it neighbouring pieces share.</summary>
    public static TextLimit Text { get; } = new(TextUnit.CodePoints, 10_000, 1_000);

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call)
    {
        var inquiries = new List<JudgeInquiry>(1);
        var texts = NeedsTexts(call) ? Passages.Together(call.Content, Text) : [];
        if (settings.Checks.HasFlag(ContentChecks.Text))
        {
            inquiries.AddRange(texts.Select(text => new TextAnalysis(settings, text)));
        }

        if (settings.Checks.HasFlag(ContentChecks.Images))
        {
            AddImages(call, inquiries);
        }

        if (settings.Checks.HasFlag(ContentChecks.PromptShields))
        {
            AddShields(call, inquiries);
        }

        if (settings.Checks.HasFlag(ContentChecks.ProtectedMaterial) && call.IsResponse)
        {
            inquiries.AddRange(texts
                .Where(static text => Text.Unit.Count(text.Utf8.Span) >= ProtectedMaterial.MinUnits)
                .Select(text => new ProtectedMaterial(settings, text)));
        }

        return inquiries;
    }

    private bool NeedsTexts(GuardrailCall call) =>
        settings.Checks.HasFlag(ContentChecks.Text) || (settings.Checks.HasFlag(ContentChecks.ProtectedMaterial) && call.IsResponse);

    private void AddImages(GuardrailCall call, List<JudgeInquiry> inquiries)
    {
        foreach (var segment in call.Content)
        {
            if (segment is { Payload: PayloadKind.Binary, Uninspected: UninspectedKind.Image } && AnalyzableImage.Of(segment, settings) is { } image)
            {
                inquiries.Add(new ImageAnalysis(settings, segment, image));
            }
        }
    }

    // A request takes one prompt and several documents.
    private void AddShields(GuardrailCall call, List<JudgeInquiry> inquiries)
    {
        var prompts = ShieldedTexts.PromptsOf(call);
        var documents = ShieldedTexts.DocumentsOf(call);
        for (var i = 0; i < Math.Max(prompts.Count, documents.Count); i++)
        {
            inquiries.Add(new PromptShield(settings, i < prompts.Count ? prompts[i] : null, i < documents.Count ? documents[i] : []));
        }
    }
}

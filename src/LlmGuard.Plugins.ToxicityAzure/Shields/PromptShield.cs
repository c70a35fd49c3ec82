using System.Text.Json;
using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ToxicityAzure.Shields;

/// <summary>Attacks in a prompt and in documents: <c>text:shieldPrompt</c>.</summary>
/// <param name="settings">The settings.</param>
/// <param name="prompt">The prompt; null when only documents are left to ask about.</param>
/// <param name="documents">The documents, at most five; none when only a prompt is left.</param>
internal sealed class PromptShield(ContentSafetySettings settings, Passage? prompt, Passage[] documents) : ContentSafetyInquiry(settings)
{
    public override Uri Address => Settings.Addresses.ShieldPrompt;

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        if (prompt is not null)
        {
            body.WriteString("userPrompt"u8, prompt.Utf8.Span);
        }

        if (documents.Length > 0)
        {
            body.WriteStartArray("documents"u8);
            foreach (var document in documents)
            {
                body.WriteStringValue(document.Utf8.Span);
            }

            body.WriteEndArray();
        }

        body.WriteEndObject();
    }

    protected override bool Read(JudgeAnswer answer, ConcernList concerns)
    {
        var promptAnalysis = answer.Root.Optional("userPromptAnalysis");
        var documentAnalyses = answer.Root.Optional("documentsAnalysis");
        if (promptAnalysis is { } analysis && IsAttack(analysis))
        {
            Add(concerns, Concern.PromptAttack, prompt);
        }

        var count = 0;
        if (documentAnalyses is { } analyses)
        {
            foreach (var item in analyses.Items())
            {
                if (IsAttack(item))
                {
                    Add(concerns, Concern.DocumentAttack, count < documents.Length ? documents[count] : null);
                }

                count++;
            }
        }

        return (prompt is null || promptAnalysis is not null) && count == documents.Length;
    }

    // An attack in something that was not asked about is one all the same.
    private static void Add(ConcernList concerns, Concern concern, Passage? passage)
    {
        if (passage is null)
        {
            concerns.Add(concern, FindingSeverity.High, -1);
        }
        else
        {
            concerns.Add(concern, FindingSeverity.High, passage);
        }
    }

    private static bool IsAttack(JsonElement analysis) => analysis.Required("attackDetected").Boolean();
}

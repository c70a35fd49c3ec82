using System.Text.Json;
using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ToxicityAzure.Material;

/// <summary>Known texts, such as lyrics and articles, in an answer: <c>text:detectProtectedMaterial</c>.</summary>
internal sealed class ProtectedMaterial(ContentSafetySettings settings, Passage passage) : ContentSafetyInquiry(settings)
{
    /// <summary>Fewest code points of a text: Azure takes no shorter one, since nothing could be recognised in it.</summary>
    public const int MinUnits = 110;

    public override Uri Address => Settings.Addresses.DetectProtectedMaterial;

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteString("text"u8, passage.Utf8.Span);
        body.WriteEndObject();
    }

    protected override bool Read(JudgeAnswer answer, ConcernList concerns)
    {
        if (answer.Root.Required("protectedMaterialAnalysis").Required("detected").Boolean())
        {
            concerns.Add(Concern.ProtectedMaterial, FindingSeverity.Medium, passage);
        }

        return true;
    }
}

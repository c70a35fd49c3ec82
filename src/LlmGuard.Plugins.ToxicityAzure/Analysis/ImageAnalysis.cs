using System.Text.Json;
using LlmGuard.Plugins.ToxicityAzure.Settings;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityAzure.Analysis;

/// <summary>Harm in an image: <c>image:analyze</c>, which rates on four levels only.</summary>
internal sealed class ImageAnalysis(ContentSafetySettings settings, Segment image, AnalyzableImage source) : ContentSafetyInquiry(settings)
{
    public override Uri Address => Settings.Addresses.AnalyzeImage;

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteStartObject("image"u8);
        if (source.Blob is { } blob)
        {
            body.WriteString("blobUrl"u8, blob.AbsoluteUri);
        }
        else
        {
            body.WriteBase64String("content"u8, source.Bytes.Span);
        }

        body.WriteEndObject();
        body.WriteStrings("categories"u8, Settings.Harm.Categories);
        body.WriteString("outputType"u8, SeverityScale.Four.Name);
        body.WriteEndObject();
    }

    protected override bool Read(JudgeAnswer answer, ConcernList concerns) => CategoriesReading.Read(
        answer.Root.Optional("categoriesAnalysis"),
        Settings.Harm.Images,
        SeverityScale.Four,
        (concern, gravity) => concerns.Add(concern, gravity, image.Index));
}

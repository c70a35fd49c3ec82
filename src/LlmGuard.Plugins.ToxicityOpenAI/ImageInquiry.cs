using System.Text.Json;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>One image. Several inputs of different kinds would share one result, and the model takes one image per request.</summary>
internal sealed class ImageInquiry(ModerationSettings settings, Segment image) : ModerationInquiry(settings)
{
    private const string UnknownType = "application/octet-stream";

    protected override int Inputs => 1;

    protected override bool ReadsImage => true;

    /// <summary>Whether the provider can be shown an image: its bytes are here, or it can fetch them.</summary>
    public static bool CanSend(Segment image) => !image.Bytes.IsEmpty || image.Uri is { IsAbsoluteUri: true, Scheme: "http" or "https" or "data" };

    protected override void WriteInput(Utf8JsonWriter body)
    {
        body.WriteStartArray();
        body.WriteStartObject();
        body.WriteString("type"u8, "image_url"u8);
        body.WriteStartObject("image_url"u8);
        body.WriteString("url"u8, image.Bytes.IsEmpty
            ? image.Uri!.OriginalString
            : $"data:{image.MediaType ?? UnknownType};base64,{Convert.ToBase64String(image.Bytes.Span)}");
        body.WriteEndObject();
        body.WriteEndObject();
        body.WriteEndArray();
    }

    protected override (int Segment, TextSpan Span) PlaceOf(int input) => (image.Index, default);
}

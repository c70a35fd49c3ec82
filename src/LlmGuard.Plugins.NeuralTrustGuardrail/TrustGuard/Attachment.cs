using System.Text.Json;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary>Writes images and files.</summary>
internal static class Attachment
{
    private const string UnknownType = "application/octet-stream";

    /// <summary>Whether the service can be shown it: its bytes are here, or it can fetch them.</summary>
    public static bool CanSend(Segment segment) => !segment.Bytes.IsEmpty || segment.Uri is { IsAbsoluteUri: true, Scheme: "http" or "https" };

    public static void Write(Utf8JsonWriter body, Segment segment, int number)
    {
        body.WriteStartObject();

        // The sender's file names are not part of the content.
        body.WriteString("filename"u8, $"attachment-{number}");
        body.WriteString("content_type"u8, segment.MediaType ?? UnknownType);
        if (segment.Bytes.IsEmpty)
        {
            body.WriteString("url"u8, segment.Uri!.OriginalString);
        }
        else
        {
            body.WriteBase64String("data"u8, segment.Bytes.Span);
        }

        body.WriteEndObject();
    }
}

using System.Text.Json;
using LlmGuard.Plugins.BedrockGuardrail.Settings;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>One image.</summary>
internal sealed class ImageInquiry(BedrockSettings settings, GuardrailCall call, Segment image, string format) : GuardrailInquiry(settings, call)
{
    protected override (int Segment, TextSpan Span) Place => (image.Index, default);

    /// <summary>
    /// The format Bedrock has for an image, by its first bytes, since its name is the sender's claim; null for one it does not read.
    /// </summary>
    public static string? FormatOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "png"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "jpeg"
        : null;

    protected override void WriteContent(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteStartObject("image"u8);
        body.WriteString("format"u8, format);
        body.WriteStartObject("source"u8);
        body.WriteBase64String("bytes"u8, image.Bytes.Span);
        body.WriteEndObject();
        body.WriteEndObject();
        body.WriteEndObject();
    }

    protected override GuardrailVerdict Conclude(AssessmentReading reading, List<GuardrailFinding> findings) =>
        reading.Anonymised.Count > 0 ? GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable)
        : findings.Count > 0 ? GuardrailVerdict.Flag(findings)
        : GuardrailVerdict.Allow;
}

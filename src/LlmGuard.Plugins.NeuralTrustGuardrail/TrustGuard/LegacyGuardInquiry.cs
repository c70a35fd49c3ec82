using System.Text.Json;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary><c>POST /v1/guard</c> as first documented.</summary>
internal sealed class LegacyGuardInquiry(
    GuardrailCall call,
    NeuralTrustSettings settings,
    IReadOnlyList<Passage> passages,
    IReadOnlyList<Segment> attachments)
    : TrustGuardInquiry(call, settings, "v1/guard", passages, attachments)
{
    protected override ReadOnlySpan<byte> PayloadName => "input"u8;

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        var isFlagged = answer.Root.Required("is_flagged").Boolean();
        var findings = FindingReading.Read(answer.Root, static f => (f.Optional("detection_type"), f.Optional("confidence")));
        var transformed = answer.Root.Optional("transformed_payload");

        // What is flagged and comes back transformed is let through as it came back.
        return transformed is not null ? Transform(transformed, findings)
            : isFlagged || IsAnyFlagged(answer.Root) ? Block(findings)
            : GuardrailVerdict.Allow;
    }

    protected override void WriteMore(Utf8JsonWriter body, GuardrailCall call)
    {
        body.WriteStartObject("metadata"u8);
        body.WriteString("content_type"u8, "application/json"u8);
        body.WriteEndObject();
    }

    private static bool IsAnyFlagged(JsonElement root)
    {
        if (root.Optional("findings") is not { } findings)
        {
            return false;
        }

        foreach (var finding in findings.Items())
        {
            if (finding.Optional("is_flagged")?.Boolean() == true)
            {
                return true;
            }
        }

        return false;
    }
}

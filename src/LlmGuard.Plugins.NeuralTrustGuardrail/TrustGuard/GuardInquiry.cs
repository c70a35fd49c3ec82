using System.Text.Json;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary><c>POST /v1/guard</c> as the SDK speaks it.</summary>
internal sealed class GuardInquiry(
    GuardrailCall call,
    NeuralTrustSettings settings,
    IReadOnlyList<Passage> passages,
    IReadOnlyList<Segment> attachments)
    : TrustGuardInquiry(call, settings, "v1/guard", passages, attachments)
{
    protected override ReadOnlySpan<byte> PayloadName => "payload"u8;

    public override GuardrailVerdict Read(JudgeAnswer answer) =>
        Conclude(answer.Root, FindingReading.Read(answer.Root, static f => (f.Optional("detection_type"), f.Optional("confidence"))));

    protected override void WriteMore(Utf8JsonWriter body, GuardrailCall call)
    {
        body.WriteStartObject("attributes"u8);
        body.WriteString("content_type"u8, "application/json"u8);
        body.WriteEndObject();
    }
}

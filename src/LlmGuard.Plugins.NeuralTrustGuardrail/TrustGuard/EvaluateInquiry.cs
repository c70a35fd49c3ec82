using System.Text.Json;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary><c>POST /v1/evaluate</c>.</summary>
internal sealed class EvaluateInquiry(
    GuardrailCall call,
    NeuralTrustSettings settings,
    IReadOnlyList<Passage> passages,
    IReadOnlyList<Segment> attachments)
    : TrustGuardInquiry(call, settings, "v1/evaluate", passages, attachments)
{
    protected override ReadOnlySpan<byte> PayloadName => "payload"u8;

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        var findings = FindingReading.Read(answer.Root, static f =>
            f.Optional("signal") is { ValueKind: JsonValueKind.Object } signal
                ? (signal.Optional("type"), signal.Optional("confidence"))
                : (null, null));
        return Conclude(answer.Root, findings);
    }

    protected override void WriteMore(Utf8JsonWriter body, GuardrailCall call)
    {
        body.WriteString("gateway_id"u8, Settings.GatewayId);
        body.WriteStartObject("attributes"u8);
        body.WriteString("content_type"u8, "application/json"u8);
        if (call.Model is { Length: > 0 } model)
        {
            body.WriteStartObject("model"u8);
            body.WriteString("name"u8, model);
            body.WriteString("provider"u8, ProviderOf(call));
            body.WriteEndObject();
        }

        body.WriteEndObject();
    }

    // "openai.chat_completions" speaks OpenAI's language, whoever answers.
    private static string ProviderOf(GuardrailCall call) => call.Dialect?.Split('.')[0] ?? "";
}

using System.Text.Json;
using LlmGuard.Plugins.NomaRuntimeProtection.Settings;
using LlmGuard.Plugins.NomaRuntimeProtection.Verdicts;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Protocols;

/// <summary>One request to <c>POST /ai-dr/v1/prompt/scan/aggregate</c>: one text. Here <c>true</c> means safe.</summary>
internal sealed class AggregateInquiry(GuardrailCall call, NomaSettings settings, NomaContext context, Passage passage)
    : NomaInquiry(call, settings, context)
{
    private const string ApplicationHeader = "X-Noma-AIDR-Application-ID";

    public override void AddHeaders(HttpRequestMessage request)
    {
        base.AddHeaders(request);
        if (System.Text.Ascii.IsValid(Context.ApplicationId))
        {
            request.Headers.TryAddWithoutValidation(ApplicationHeader, Context.ApplicationId);
        }
    }

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteStartObject(Call.IsResponse ? "response"u8 : "request"u8);
        body.WriteString("text"u8, passage.Utf8.Span);
        body.WriteEndObject();
        body.WriteStartObject("context"u8);
        Context.WriteTo(body, IsCached);
        body.WriteEndObject();
        body.WriteEndObject();
    }

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        var isUnsafe = !answer.Root.Required("verdict").Boolean();
        var original = answer.Root.Optional("originalResponse") is { ValueKind: JsonValueKind.Object } response
            ? response.Optional(Call.IsResponse ? "response" : "prompt")
            : null;
        var result = ScanResult.Of(original, null);
        return Conclude(Decisions.OfVerdict(isUnsafe, [result], Settings.Anonymizes), [result], () => Masks(result));
    }

    private PassageMasks? Masks(ScanResult result)
    {
        var masks = new PassageMasks(Call);
        return result.Anonymized is { } text && AsteriskMasks.Place(passage, text, masks) is > 0 ? masks : null;
    }
}

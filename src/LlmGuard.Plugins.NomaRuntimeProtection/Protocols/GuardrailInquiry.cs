using System.Text.Json;
using LlmGuard.Plugins.NomaRuntimeProtection.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Protocols;

/// <summary>One request to <c>POST /litellm/guardrail</c>: texts, or an image. Nothing of the request goes along that is not judged.</summary>
internal sealed class GuardrailInquiry(
    GuardrailCall call,
    NomaSettings settings,
    NomaContext context,
    IReadOnlyList<Passage> passages,
    Segment? image)
    : NomaInquiry(call, settings, context)
{
    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteStartObject("inputs"u8);
        body.WriteStartArray("texts"u8);
        foreach (var passage in passages)
        {
            body.WriteStringValue(passage.Utf8.Span);
        }

        body.WriteEndArray();
        if (image is { } shown)
        {
            body.WriteStartArray("images"u8);
            body.WriteStringValue(ScanItem.ImageUrl(shown));
            body.WriteEndArray();
        }

        if (Call.Model is { Length: > 0 } model)
        {
            body.WriteString("model"u8, model);
        }

        body.WriteEndObject();
        body.WriteStartObject("request_data"u8);
        body.WriteEndObject();
        body.WriteString("input_type"u8, Call.IsResponse ? "response"u8 : "request"u8);
        body.WriteBoolean("monitor_mode"u8, Call.IsMonitor);
        body.WriteString("application_id"u8, Context.ApplicationId);
        body.WriteEndObject();
    }

    public override GuardrailVerdict Read(JudgeAnswer answer) => answer.Root.Required("action").Text() switch
    {
        "NONE" => GuardrailVerdict.Allow,
        "BLOCKED" => Block([]),
        "GUARDRAIL_INTERVENED" => Settings.Anonymizes ? Rewritten(answer.Root) : Block([]),
        _ => throw new UnusableAnswerException(),
    };

    private GuardrailVerdict Rewritten(JsonElement root)
    {
        if (root.Optional("texts") is not { } texts)
        {
            // It intervened, and does not say how.
            throw new UnusableAnswerException();
        }

        if (texts.ItemCount() != passages.Count || IsChangedElsewhere(root))
        {
            return Block([], NotApplicable);
        }

        var rewrites = new TextRewrites(Call);
        var index = 0;
        foreach (var text in texts.Items())
        {
            rewrites.Add(passages[index++], text.Text());
        }

        return rewrites.HasChanges ? rewrites.Conclude([new GuardrailFinding("unsafe", "noma")]) : throw new UnusableAnswerException();
    }

    // Only texts can be changed here; an image that comes back must be the one that was sent.
    private bool IsChangedElsewhere(JsonElement root)
    {
        if (root.Optional("tools") is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0)
        {
            return true;
        }

        if (root.Optional("tool_calls") is { ValueKind: JsonValueKind.Array } calls && calls.GetArrayLength() > 0)
        {
            return true;
        }

        return root.Optional("images") is { ValueKind: JsonValueKind.Array } images
            && images.GetArrayLength() is var count and > 0
            && (image is not { } sent || count != 1 || images[0].ValueKind != JsonValueKind.String
                || images[0].GetString() != ScanItem.ImageUrl(sent));
    }
}

using System.Text.Json;
using LlmGuard.Plugins.ExternalApi.Answers;
using LlmGuard.Plugins.ExternalApi.Requests;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.ExternalApi.Webhook;

/// <summary>Reads an answer of the webhook protocol.</summary>
internal sealed class WebhookAnswer(JsonElement root, WebhookSettings webhook, MessageTemplate message, Question question)
{
    private const int MaxMessage = 500;
    private const string FindingType = "external";

    private readonly Dictionary<int, OffsetMap> _offsets = [];

    /// <summary>The verdict.</summary>
    /// <exception cref="UnusableAnswerException">The answer is none, says a word nobody knows, or contradicts itself.</exception>
    public GuardrailVerdict Read()
    {
        root.Required("version").Int32(WebhookInquiry.Version, WebhookInquiry.Version);
        return root.Required("action").Text() switch
        {
            "allow" => Clear([]),
            "flag" => Clear(Findings() is { Count: > 0 } findings ? findings : [Finding(Reason())]),
            "mask" => Mask(),
            "block" => Block(),
            _ => throw new UnusableAnswerException(),
        };
    }

    private GuardrailVerdict Clear(List<GuardrailFinding> findings) =>
        root.Optional("edits") is { } edits && edits.ItemCount() > 0 ? throw new UnusableAnswerException()
        : findings.Count > 0 ? GuardrailVerdict.Flag(findings)
        : GuardrailVerdict.Allow;

    private GuardrailVerdict Mask()
    {
        var masks = new TextMasks(question);
        var findings = Findings();
        foreach (var edit in root.Required("edits").Items())
        {
            var (index, text) = TextOf(edit);
            if (edit.Optional("text") is { } replaced)
            {
                masks.Replace(text, replaced);
            }
            else
            {
                masks.Add(text, SpanOf(edit, index, text), question.Replacements.Literal(edit.Required("replacement").Text()));
            }
        }

        return masks.Conclude(findings, mustMask: true);
    }

    // A refusal counts, however its wording or its findings are told.
    private GuardrailVerdict Block()
    {
        var reason = OrNull(Reason) ?? webhook.Recorded(null);
        var shown = webhook.ShowMessage ? OrNull(() => root.Optional("message")?.Text()) : null;
        var refusal = shown is { Length: > 0 and <= MaxMessage } && !shown.Any(char.IsControl)
            ? new GuardrailRefusal { Message = shown, Reason = reason }
            : message.Refuse(reason);
        var status = OrNull(() => root.Optional("status")?.Int32(400, 499));
        return GuardrailVerdict.Block(
            status is not (null or 408 or 409 or 429) ? refusal with { StatusCode = status } : refusal,
            OrNull(Findings) is { Count: > 0 } findings ? findings : [Finding(reason)]);
    }

    private static T? OrNull<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnusableAnswerException)
        {
            return default;
        }
    }

    private static GuardrailFinding Finding(string reason) => new(reason, FindingType);

    private string Reason() => webhook.Recorded(root.Optional("reason")?.Text());

    private List<GuardrailFinding> Findings()
    {
        var findings = new List<GuardrailFinding>();
        if (root.Optional("findings") is not { } list)
        {
            return findings;
        }

        foreach (var item in list.Items())
        {
            var reason = webhook.Recorded(item.Optional("reason")?.Text());
            if (item.Optional("segment") is null)
            {
                findings.Add(Finding(reason));
                continue;
            }

            var (index, text) = TextOf(item);
            var span = item.Optional("start") is null ? new TextSpan(0, text.Utf8.Length) : SpanOf(item, index, text);
            foreach (var (segment, piece) in text.Map(span))
            {
                findings.Add(Finding(reason) with { Segment = segment.Index, Span = piece });
            }
        }

        return findings;
    }

    private (int Index, Passage Text) TextOf(JsonElement item)
    {
        var index = item.Required("segment").Int32(0, question.Texts.Count - 1);
        return (index, question.Texts[index]);
    }

    private TextSpan SpanOf(JsonElement item, int index, Passage text)
    {
        if (!_offsets.TryGetValue(index, out var offsets))
        {
            _offsets[index] = offsets = new OffsetMap(text.Utf8.Span, Unit());
        }

        return offsets.SpanOf(item.Required("start").Int32(0, int.MaxValue), item.Required("end").Int32(0, int.MaxValue));
    }

    private OffsetUnit Unit() => root.Required("unit").Text() switch
    {
        "bytes" => OffsetUnit.Bytes,
        "code_points" => OffsetUnit.CodePoints,
        "utf16" => OffsetUnit.Utf16,
        _ => throw new UnusableAnswerException(),
    };
}

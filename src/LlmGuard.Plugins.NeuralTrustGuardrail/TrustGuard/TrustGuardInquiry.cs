using System.Text.Json;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.TrustGuard;

/// <summary>One request to TrustGuard in any of its forms: every text is a message of its own, so that what comes back says which is which.</summary>
internal abstract class TrustGuardInquiry(
    GuardrailCall call,
    NeuralTrustSettings settings,
    string path,
    IReadOnlyList<Passage> passages,
    IReadOnlyList<Segment> attachments)
    : JudgeInquiry
{
    private const int MaxHeaderLength = 256;

    public override Uri Address { get; } = new(settings.Judge.Endpoint, path);

    protected NeuralTrustSettings Settings => settings;

    /// <summary>The member that holds the messages.</summary>
    protected abstract ReadOnlySpan<byte> PayloadName { get; }

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteStartObject(PayloadName);
        WriteMessages(body);
        if (attachments.Count > 0)
        {
            body.WriteStartArray("attachments"u8);
            for (var i = 0; i < attachments.Count; i++)
            {
                Attachment.Write(body, attachments[i], i + 1);
            }

            body.WriteEndArray();
        }

        body.WriteEndObject();
        body.WriteString("direction"u8, call.IsResponse ? "output"u8 : "input"u8);
        body.WriteString("protocol"u8, "llm"u8);
        if (Session() is { } session)
        {
            body.WriteString("session_id"u8, session);
        }

        if (call.Caller.Consumer is { } consumer)
        {
            body.WriteString("consumer_id"u8, consumer);
        }

        WriteMore(body, call);
        body.WriteEndObject();
    }

    /// <summary>Writes what only this form has.</summary>
    protected abstract void WriteMore(Utf8JsonWriter body, GuardrailCall call);

    /// <summary>The verdict of an answer that says with a status what is to be done.</summary>
    protected GuardrailVerdict Conclude(JsonElement answer, IReadOnlyList<GuardrailFinding> findings) => StatusReading.Read(answer) switch
    {
        TrustGuardStatus.Pass => GuardrailVerdict.Allow,
        TrustGuardStatus.Report => Flag(findings),
        TrustGuardStatus.Transform => Transform(answer.Optional("transformed_payload"), findings),
        _ => Block(findings),
    };

    /// <summary>A block with the words for the caller.</summary>
    protected GuardrailVerdict Block(IReadOnlyList<GuardrailFinding> findings)
    {
        var rules = findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal).ToArray();
        return GuardrailVerdict.Block(settings.Message.Refuse("trustguard", rules.Length > 0 ? string.Join(", ", rules) : "TrustGuard"), findings);
    }

    /// <summary>A flag, with at least one finding.</summary>
    private static GuardrailVerdict Flag(IReadOnlyList<GuardrailFinding> findings) =>
        GuardrailVerdict.Flag(findings.Count > 0 ? findings : [new GuardrailFinding("report", "trustguard")]);

    /// <summary>The texts as the service wants them; exactly so, or a failure.</summary>
    protected GuardrailVerdict Transform(JsonElement? transformed, IReadOnlyList<GuardrailFinding> findings)
    {
        if (Texts(transformed) is not { } texts)
        {
            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable);
        }

        var rewrites = new TextRewrites(call);
        for (var i = 0; i < texts.Count; i++)
        {
            rewrites.Add(passages[i], texts[i]);
        }

        // It transformed, and nothing is different.
        return rewrites.HasChanges ? rewrites.Conclude(findings) : throw new UnusableAnswerException();
    }

    private void WriteMessages(Utf8JsonWriter body)
    {
        body.WriteStartArray("messages"u8);
        for (var i = 0; i < passages.Count; i++)
        {
            var role = RoleOf(passages[i].First);
            body.WriteStartObject();
            body.WriteString("role"u8, role);
            if (role == "tool")
            {
                body.WriteString("tool_call_id"u8, $"call_{passages[i].First.Index}");
            }

            body.WriteString("content"u8, passages[i].Utf8.Span);
            body.WriteEndObject();
        }

        body.WriteEndArray();
    }

    private string RoleOf(Segment segment) =>
        segment.Role == SegmentRole.Tool || segment.Kind == SegmentKind.ToolResult ? "tool"
        : segment.Role == SegmentRole.System ? "system"
        : segment.Role == SegmentRole.Assistant || (call.IsResponse && segment.Role != SegmentRole.User) ? "assistant"
        : "user";

    // As many messages with the same roles, or, for a single message, its text.
    private List<string>? Texts(JsonElement? transformed)
    {
        if (transformed is not { ValueKind: JsonValueKind.Object } payload)
        {
            return null;
        }

        if (payload.Optional("input") is { } input)
        {
            return passages.Count == 1 && payload.Optional("messages") is null && input.ValueKind == JsonValueKind.String ? [input.Text()] : null;
        }

        if (payload.Optional("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() != passages.Count)
        {
            return null;
        }

        var texts = new List<string>(passages.Count);
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object
                || message.Optional("role") is not { ValueKind: JsonValueKind.String } role
                || role.Text() != RoleOf(passages[texts.Count].First)
                || message.Optional("content") is not { ValueKind: JsonValueKind.String } content)
            {
                return null;
            }

            texts.Add(content.Text());
        }

        return texts;
    }

    private string? Session() =>
        settings.SessionHeader is { } name && call.Headers?.Find(name)?.Trim() is { Length: > 0 and <= MaxHeaderLength } value
            && value.All(static c => c is >= ' ' and < '\x7f')
            ? value
            : null;
}

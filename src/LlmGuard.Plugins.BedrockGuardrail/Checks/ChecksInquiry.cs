using System.Text.Json;
using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.BedrockGuardrail.Checks;

/// <summary>One <c>InvokeGuardrailChecks</c>.</summary>
internal sealed class ChecksInquiry(BedrockSettings settings, CheckSettings checks, GuardrailCall call, Passage[] passages)
    : BedrockInquiry(settings.Address)
{
    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteStartArray("messages"u8);
        foreach (var passage in passages)
        {
            body.WriteStartObject();
            body.WriteString("role"u8, RoleOf(passage));
            body.WriteStartArray("content"u8);
            body.WriteStartObject();
            body.WriteString("text"u8, passage.Utf8.Span);
            body.WriteEndObject();
            body.WriteEndArray();
            body.WriteEndObject();
        }

        body.WriteEndArray();
        body.WriteStartObject("checks"u8);
        WriteCheck(body, "contentFilter"u8, "categories"u8, "category"u8, [.. checks.Content.Keys]);
        WriteCheck(body, "promptAttack"u8, "categories"u8, "category"u8, [.. checks.Attacks.Keys]);
        WriteCheck(body, "sensitiveInformation"u8, "entities"u8, "type"u8, checks.Pii);
        body.WriteEndObject();
        body.WriteEndObject();
    }

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        var reading = ChecksReading.Of(answer.Root, checks, passages);
        var (segment, span) = passages is [var only] ? PlaceOf(only) : (-1, default);
        var findings = reading.Hits.Select(h => new GuardrailFinding(h.Code, h.Type, segment, span, h.Score)).ToList();
        foreach (var entity in reading.Entities)
        {
            foreach (var place in entity.Spans.SelectMany(entity.Passage.Map))
            {
                findings.Add(new GuardrailFinding(entity.Code, "pii", place.Segment.Index, place.Span, entity.Score));
            }
        }

        IEnumerable<(string Code, string Shown)> causes = reading.Hits.Select(h => (h.Code, h.Shown));
        if (!settings.Masks)
        {
            causes = causes.Concat(reading.Entities.Select(e => (e.Code, "sensitive information")));
        }

        if (causes.ToList() is { Count: > 0 } blocking)
        {
            return GuardrailVerdict.Block(settings.Message.Refuse(
                blocking[0].Code,
                string.Join(", ", blocking.Select(c => c.Shown).Distinct(StringComparer.Ordinal))), findings);
        }

        return reading.IsComplete ? Mask(reading, findings) : throw new UnusableAnswerException();
    }

    private GuardrailVerdict Mask(ChecksReading reading, List<GuardrailFinding> findings)
    {
        var masks = new PassageMasks(call);
        foreach (var entity in reading.Entities)
        {
            foreach (var span in entity.Spans)
            {
                masks.Add(entity.Passage, span, PiiTypes.PlaceholderOf(entity.Type));
            }
        }

        return masks.Conclude(findings);
    }

    // The operation has three roles. What a tool says is input, as what the user says is.
    private ReadOnlySpan<byte> RoleOf(Passage passage) =>
        call.IsResponse || passage.First.Role == SegmentRole.Assistant ? "assistant"u8
        : passage.First.Role == SegmentRole.System ? "system"u8
        : "user"u8;

    private static void WriteCheck(
        Utf8JsonWriter body,
        ReadOnlySpan<byte> check,
        ReadOnlySpan<byte> list,
        ReadOnlySpan<byte> member,
        IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        body.WriteStartObject(check);
        body.WriteStartArray(list);
        foreach (var value in values)
        {
            body.WriteStartObject();
            body.WriteString(member, value);
            body.WriteEndObject();
        }

        body.WriteEndArray();
        body.WriteEndObject();
    }
}

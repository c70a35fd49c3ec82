using System.Text.Json;
using LlmGuard.Plugins.BedrockGuardrail.Settings;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

/// <summary>One <c>ApplyGuardrail</c>.</summary>
internal abstract class GuardrailInquiry(BedrockSettings settings, GuardrailCall call) : BedrockInquiry(settings.Address)
{
    protected BedrockSettings Settings => settings;

    protected GuardrailCall Call => call;

    /// <summary>Where findings lie that come without a place of their own.</summary>
    protected abstract (int Segment, TextSpan Span) Place { get; }

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteString("source"u8, call.IsResponse ? "OUTPUT"u8 : "INPUT"u8);
        body.WriteStartArray("content"u8);
        WriteContent(body);
        body.WriteEndArray();
        WriteScope(body);
        body.WriteEndObject();
    }

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        var reading = AssessmentReading.Of(answer.Root);
        var (segment, span) = Place;
        var findings = reading.Causes.Concat(reading.Advice).Select(c => new GuardrailFinding(c.Rule, c.Type, segment, span)).ToList();
        if (reading.Causes.Count > 0)
        {
            // What blocks counts even where something else is missing.
            return Refuse(reading.Causes, findings);
        }

        if (reading.Anonymised.Count > 0 && !settings.Masks)
        {
            var causes = reading.Anonymised.Select(a => a.Cause).Distinct().ToList();
            findings.AddRange(causes.Select(c => new GuardrailFinding(c.Rule, c.Type, segment, span)));
            return Refuse(causes, findings);
        }

        return IsComplete(reading) ? Conclude(reading, findings) : throw new UnusableAnswerException();
    }

    /// <summary>Writes the content blocks.</summary>
    protected abstract void WriteContent(Utf8JsonWriter body);

    /// <summary>Writes how much of the findings is wanted: those that count, by default.</summary>
    protected virtual void WriteScope(Utf8JsonWriter body)
    {
    }

    /// <summary>Whether the answer covers what was asked.</summary>
    protected virtual bool IsComplete(AssessmentReading reading) => reading is { IsComplete: true, IsCovered: true };

    /// <summary>The verdict when nothing blocks and nothing is missing.</summary>
    protected abstract GuardrailVerdict Conclude(AssessmentReading reading, List<GuardrailFinding> findings);

    /// <summary>Writes a text block.</summary>
    protected static void WriteText(Utf8JsonWriter body, ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> qualifier = default)
    {
        body.WriteStartObject();
        body.WriteStartObject("text"u8);
        body.WriteString("text"u8, utf8);
        if (!qualifier.IsEmpty)
        {
            body.WriteStartArray("qualifiers"u8);
            body.WriteStringValue(qualifier);
            body.WriteEndArray();
        }

        body.WriteEndObject();
        body.WriteEndObject();
    }

    private GuardrailVerdict Refuse(IReadOnlyList<AssessmentCause> causes, List<GuardrailFinding> findings) =>
        GuardrailVerdict.Block(settings.Message.Refuse(
            causes[0].Code,
            string.Join(", ", causes.Select(c => c.Shown).Distinct(StringComparer.Ordinal))), findings);
}

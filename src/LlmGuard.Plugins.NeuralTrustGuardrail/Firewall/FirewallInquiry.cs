using System.Text.Json;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Firewall;

/// <summary>One text put to one check. Every element of the answer counts; success is 200 and nothing else.</summary>
internal abstract class FirewallInquiry(NeuralTrustSettings settings, Passage passage, string path) : JudgeInquiry
{
    public override Uri Address { get; } = new(settings.Judge.Endpoint, path);

    public override bool IsAnswer(int status) => status == 200;

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteStartArray("input"u8);
        body.WriteStringValue(passage.Utf8.Span);
        body.WriteEndArray();
        WriteMore(body);
        body.WriteEndObject();
    }

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        if (answer.Root.ItemCount() == 0)
        {
            throw new UnusableAnswerException();
        }

        var findings = new List<GuardrailFinding>();
        var shown = new List<string>();
        var isComplete = true;
        foreach (var result in answer.Root.Items())
        {
            isComplete &= Read(result, findings, shown);
        }

        // What is found counts even where something else is missing.
        if (findings.Count > 0)
        {
            var words = string.Join(", ", shown.Distinct(StringComparer.Ordinal));
            return GuardrailVerdict.Block(settings.Message.Refuse(findings[0].Rule, words), findings);
        }

        return isComplete ? GuardrailVerdict.Allow : throw new UnusableAnswerException();
    }

    /// <summary>Writes what the request has beside the text.</summary>
    protected virtual void WriteMore(Utf8JsonWriter body)
    {
    }

    /// <summary>Reads one element.</summary>
    /// <param name="result">The element.</param>
    /// <param name="findings">Takes what counts.</param>
    /// <param name="shown">Takes the words for the caller.</param>
    /// <returns>Whether the element covers all that was asked.</returns>
    protected abstract bool Read(JsonElement result, List<GuardrailFinding> findings, List<string> shown);

    /// <summary>A finding somewhere in the text.</summary>
    protected GuardrailFinding Finding(string rule, double confidence) =>
        new(rule, rule, passage.Parts.Count == 1 ? passage.First.Index : -1, passage.Parts.Count == 1
            ? new TextSpan(passage.Parts[0].SegmentStart, passage.Parts[0].Length) : default, confidence);
}

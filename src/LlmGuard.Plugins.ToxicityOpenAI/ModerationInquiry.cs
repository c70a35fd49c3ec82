using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.ToxicityOpenAI;

/// <summary>One request to <c>POST /v1/moderations</c>.</summary>
internal abstract class ModerationInquiry(ModerationSettings settings) : JudgeInquiry
{
    public override Uri Address => settings.Address;

    /// <summary>How many results the answer must hold.</summary>
    protected abstract int Inputs { get; }

    public override void WriteBody(Utf8JsonWriter body)
    {
        body.WriteStartObject();
        body.WriteString("model"u8, settings.Model);
        body.WritePropertyName("input"u8);
        WriteInput(body);
        body.WriteEndObject();
    }

    public override bool IsAboutConfiguration(int status, ReadOnlySpan<byte> error) => ModerationError.IsAboutConfiguration(error);

    public override GuardrailVerdict Read(JudgeAnswer answer)
    {
        var results = answer.Root.Required("results");
        if (results.ItemCount() != Inputs)
        {
            throw new UnusableAnswerException();
        }

        var findings = new List<GuardrailFinding>();
        var isComplete = true;
        var input = 0;
        foreach (var result in results.Items())
        {
            var (segment, span) = PlaceOf(input++);
            var reading = new ResultReading(settings, ReadsImage);
            reading.Read(result);
            isComplete &= reading.IsComplete;
            foreach (var (category, score) in reading.Violations)
            {
                findings.Add(new GuardrailFinding(category, "toxicity", segment, span, score));
            }
        }

        // What is found counts even where something else is missing.
        return findings.Count > 0 ? Conclude(findings, isComplete)
            : isComplete ? GuardrailVerdict.Allow
            : throw new UnusableAnswerException();
    }

    /// <summary>Whether the input is an image.</summary>
    protected abstract bool ReadsImage { get; }

    protected abstract void WriteInput(Utf8JsonWriter body);

    /// <summary>Where an input lies in the content.</summary>
    protected abstract (int Segment, TextSpan Span) PlaceOf(int input);

    private GuardrailVerdict Conclude(List<GuardrailFinding> findings, bool isComplete)
    {
        if (settings.Blocks)
        {
            var categories = string.Join(", ", findings.Select(f => f.Rule).Distinct());
            return GuardrailVerdict.Block(settings.Message.Refuse(ModerationCategories.CodeOf(findings[0].Rule), categories), findings);
        }

        return isComplete ? GuardrailVerdict.Flag(findings) : throw new UnusableAnswerException();
    }
}

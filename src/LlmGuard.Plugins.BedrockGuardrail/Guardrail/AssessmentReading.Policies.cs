using System.Collections.Frozen;
using System.Text.Json;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.BedrockGuardrail.Guardrail;

// The policies one by one, with the words Bedrock has for them.
internal sealed partial class AssessmentReading
{
    private const int MaxName = 100;

    private static readonly AssessmentCause CustomWord = new("word.custom", "word", "word", "a word filter");

    private static readonly AssessmentCause ManagedWord = new("word.profanity", "word", "word.profanity", "profanity");

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["INSULTS"] = "insults",
        ["HATE"] = "hate",
        ["SEXUAL"] = "sexual content",
        ["VIOLENCE"] = "violence",
        ["MISCONDUCT"] = "misconduct",
        ["PROMPT_ATTACK"] = "prompt attack",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Levels = FrozenSet.Create(StringComparer.Ordinal, "NONE", "LOW", "MEDIUM", "HIGH");

    // Findings of automated reasoning carry no action. Valid is what one hopes for, and no translation means there was nothing to check.
    private static readonly FrozenDictionary<string, bool> ReasoningKinds = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        ["valid"] = false,
        ["noTranslations"] = false,
        ["invalid"] = true,
        ["satisfiable"] = true,
        ["impossible"] = true,
        ["translationAmbiguous"] = true,
        ["tooComplex"] = true,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static AssessmentCause TopicOf(JsonElement topic) =>
        new(NameOf(topic, "name") is { } name ? $"topic.{name}" : "topic", "topic", "topic", "a denied topic");

    private static bool IsWord(JsonElement entry, string member, string word) => entry.Required(member).Text() == word;

    // Names are the operator's own, within the characters the service allows for them; anything else is not repeated.
    private static string? NameOf(JsonElement entry, string member) =>
        entry.Optional(member)?.Text() is { Length: > 0 and <= MaxName } name
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ' ' or '!' or '?' or '.')
            ? name
            : null;

    private void ReadContentFilter(JsonElement filter)
    {
        var type = filter.Required("type").Text();
        var isKnown = ContentTypes.TryGetValue(type, out var shown);
        var code = isKnown ? $"content.{type.ToLowerInvariant()}" : "content";
        Entry(filter, new AssessmentCause(code, "content", code, shown ?? "harmful content"), isKnown);
        IsComplete &= Levels.Contains(filter.Required("confidence").Text());
        IsComplete &= filter.Optional("filterStrength") is not { } strength || Levels.Contains(strength.Text());
    }

    private void ReadPii(JsonElement entity)
    {
        var type = entity.Required("type").Text();
        var isKnown = PiiTypes.IsKnown(type);
        var code = isKnown ? $"pii.{type.ToLowerInvariant()}" : "pii";
        ReadSensitive(entity, new AssessmentCause(code, "pii", code, "sensitive information"), type, isKnown);
    }

    private void ReadRegex(JsonElement regex)
    {
        var name = NameOf(regex, "name");
        var cause = new AssessmentCause(name is null ? "pattern" : $"pattern.{name}", "pii", "pattern", "sensitive information");
        ReadSensitive(regex, cause, name ?? "", isKnown: true);
    }

    private void ReadSensitive(JsonElement entry, AssessmentCause cause, string name, bool isKnown)
    {
        if (entry.Required("action").Text() != "ANONYMIZED")
        {
            Entry(entry, cause, isKnown);
            return;
        }

        _anonymised.Add(new Anonymised(cause, entry.Required("match").Text(), name));
        IsComplete &= isKnown;
    }

    private void ReadGrounding(JsonElement filter)
    {
        var type = filter.Required("type").Text();
        var isKnown = type is "GROUNDING" or "RELEVANCE";
        var code = isKnown ? $"grounding.{type.ToLowerInvariant()}" : "grounding";
        Entry(filter, new AssessmentCause(code, "grounding", code, type == "RELEVANCE"
            ? "an answer beside the question"
            : "an answer without a source"), isKnown);
        filter.Required("threshold").Number(0, 1);
        filter.Required("score").Number(0, 1);
        ChecksGrounding = true;
    }

    private void ReadReasoning(JsonElement finding)
    {
        foreach (var member in finding.Members())
        {
            if (!ReasoningKinds.TryGetValue(member.Name, out var isAdvice))
            {
                IsComplete = false;
            }
            else if (isAdvice && member.Value.ValueKind != JsonValueKind.Null)
            {
                _advice.Add(new AssessmentCause($"reasoning.{member.Name}", "reasoning", $"reasoning.{member.Name}", "automated reasoning"));
            }
        }
    }
}

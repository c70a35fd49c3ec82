using System.Text.Json;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Firewall;

/// <summary>The moderation by topics. Blocked is what the service blocks, and what reaches its threshold here.</summary>
internal sealed class TopicInquiry(NeuralTrustSettings settings, Passage passage, TopicModeration moderation)
    : FirewallInquiry(settings, passage, "v1/prompt-moderation")
{
    private const string Rule = "moderation";

    protected override void WriteMore(Utf8JsonWriter body)
    {
        body.WriteStartArray("topics"u8);
        foreach (var topic in moderation.Thresholds.Keys)
        {
            body.WriteStringValue(topic);
        }

        body.WriteEndArray();
        body.WriteStartObject("thresholds"u8);
        foreach (var (topic, threshold) in moderation.Thresholds)
        {
            body.WriteNumber(topic, threshold);
        }

        body.WriteEndObject();
    }

    protected override bool Read(JsonElement result, List<GuardrailFinding> findings, List<string> shown)
    {
        var isBlocked = result.Required("is_blocked").Boolean();
        var scores = result.Required("topic_scores");
        var isComplete = true;
        foreach (var (topic, threshold) in moderation.Thresholds)
        {
            if (scores.Optional(topic) is not { } score)
            {
                isComplete = false;
                continue;
            }

            var probability = score.Required("probability").Number(0, 1);
            if (score.Required("blocked").Boolean() || probability >= threshold)
            {
                findings.Add(Finding(Rule, probability));
                shown.Add(topic);
            }
        }

        if (findings.Count == 0 && (isBlocked || result.Optional("blocked_topics")?.ItemCount() > 0))
        {
            // It blocks, and names a topic nobody asked about or none.
            findings.Add(Finding(Rule, 1));
            shown.Add(Rule);
        }

        return isComplete;
    }
}

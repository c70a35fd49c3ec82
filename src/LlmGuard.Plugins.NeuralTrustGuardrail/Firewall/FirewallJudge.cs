using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Judging;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Firewall;

/// <summary>Which questions a content makes: every text to every check that is on.</summary>
internal sealed class FirewallJudge(NeuralTrustSettings settings, FirewallChecks checks) : IRemoteJudge
{
    /// <summary>Texts follow one another up to this size: the firewall takes one text and gives one score.</summary>
    public static TextLimit Window { get; } = new(TextUnit.Bytes, 16 * 1024, 1024);

    public IReadOnlyList<JudgeInquiry> Plan(GuardrailCall call)
    {
        var inquiries = new List<JudgeInquiry>();
        foreach (var passage in Passages.Together(call.Content, Window))
        {
            if (checks.Jailbreak is { } jailbreak)
            {
                inquiries.Add(new ScoreInquiry(settings, passage, "v1/jailbreak", "jailbreak", jailbreak, MaliciousPrompt));
            }

            if (checks.Toxicity is { } toxicity)
            {
                inquiries.Add(new ScoreInquiry(settings, passage, "v1/toxicity", "toxicity", toxicity, AnyCategory));
            }

            if (checks.Moderation is { } moderation)
            {
                inquiries.Add(new TopicInquiry(settings, passage, moderation));
            }
        }

        return inquiries;
    }

    private static double MaliciousPrompt(System.Text.Json.JsonElement result) =>
        result.Required("category_scores").Required("malicious_prompt").Number(0, 1);

    // Deployments call the map by different names; older ones also have one of booleans, which is no score.
    private static double AnyCategory(System.Text.Json.JsonElement result)
    {
        double? highest = null;
        foreach (var name in (ReadOnlySpan<string>)["categories", "category_scores", "scores"])
        {
            if (result.Optional(name) is not { } scores)
            {
                continue;
            }

            foreach (var member in scores.Members())
            {
                if (member.Value.ValueKind is not (System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False))
                {
                    highest = Math.Max(highest ?? 0, member.Value.Number(0, 1));
                }
            }
        }

        return highest ?? throw new UnusableAnswerException();
    }
}

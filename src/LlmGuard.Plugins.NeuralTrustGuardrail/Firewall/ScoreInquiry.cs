using System.Text.Json;
using LlmGuard.Plugins.NeuralTrustGuardrail.Settings;
using LlmGuard.Remote.Texts;

namespace LlmGuard.Plugins.NeuralTrustGuardrail.Firewall;

/// <summary>A check that answers with a score.</summary>
internal sealed class ScoreInquiry(
    NeuralTrustSettings settings,
    Passage passage,
    string path,
    string rule,
    double threshold,
    Func<JsonElement, double> score)
    : FirewallInquiry(settings, passage, path)
{
    protected override bool Read(JsonElement result, List<GuardrailFinding> findings, List<string> shown)
    {
        var given = score(result);
        if (given >= threshold)
        {
            findings.Add(Finding(rule, given));
            shown.Add(rule);
        }

        return true;
    }
}

using LlmGuard.Plugins.NomaRuntimeProtection.Settings;
using LlmGuard.Plugins.NomaRuntimeProtection.Verdicts;
using LlmGuard.Remote.Judging;

namespace LlmGuard.Plugins.NomaRuntimeProtection.Protocols;

/// <summary>What the questions of all protocols have in common.</summary>
internal abstract class NomaInquiry(GuardrailCall call, NomaSettings settings, NomaContext context) : JudgeInquiry
{
    /// <summary>The code of a mask that Noma wants and that cannot be placed.</summary>
    protected const string NotApplicable = "mask_not_applicable";

    public override Uri Address => settings.Address;

    protected GuardrailCall Call => call;

    protected NomaSettings Settings => settings;

    protected NomaContext Context => context;

    /// <summary>Whether clean verdicts are remembered.</summary>
    protected bool IsCached => settings.Judge.CacheLifetime > TimeSpan.Zero;

    public override void AddHeaders(HttpRequestMessage request) => context.WriteTo(request.Headers);

    /// <summary>A refusal as Noma's clients word it.</summary>
    protected GuardrailVerdict Block(IReadOnlyList<string> detectors, string? code = null)
    {
        var shown = detectors.Count > 0 ? string.Join(", ", detectors) : "Noma";
        var refusal = settings.Message.Refuse(code ?? (detectors.Count > 0 ? detectors[0] : "unsafe"), shown);
        return GuardrailVerdict.Block(
            refusal.Message is null && call.IsResponse ? refusal with { Message = "Response blocked by Noma guardrail" } : refusal,
            Findings(detectors));
    }

    /// <summary>Findings that concern the call as a whole; one at least.</summary>
    protected static IReadOnlyList<GuardrailFinding> Findings(IReadOnlyList<string> detectors) =>
        detectors.Count == 0 ? [new GuardrailFinding("unsafe", "noma")] : [.. detectors.Select(d => new GuardrailFinding(d, "noma"))];

    /// <summary>What an answer by results leads to.</summary>
    /// <param name="decision">What Noma decided.</param>
    /// <param name="results">The results.</param>
    /// <param name="masks">Places the masks; null when that is not possible.</param>
    protected GuardrailVerdict Conclude(Decision decision, IReadOnlyList<ScanResult> results, Func<PassageMasks?> masks)
    {
        var detectors = results.SelectMany(r => r.Triggered).Distinct(StringComparer.Ordinal).ToArray();
        return decision switch
        {
            Decision.Pass => GuardrailVerdict.Allow,
            Decision.Alert => GuardrailVerdict.Flag(Findings(detectors)),
            Decision.Mask when settings.Anonymizes => masks()?.Conclude(Findings(detectors)) ?? Block(detectors, NotApplicable),
            _ => Block(detectors),
        };
    }
}

using LlmGuard.Plugins.InjectionProtection.Evaluation;
using LlmGuard.Plugins.InjectionProtection.Rules;
using LlmGuard.Plugins.InjectionProtection.Settings;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.InjectionProtection;

/// <summary>Judges calls for one entry. What it works with is kept between calls.</summary>
internal sealed class InjectionProtectionEvaluator(InjectionSettings settings) : ISegmentEvaluator, IEvaluatorNeeds
{
    private readonly Spares<ContentJudge> _spares = new();

    public GuardrailNeeds Needs { get; } =
        (settings.Scopes.Any(s => TypeSet.IsWeb(s.Type)) || settings.Custom.Count > 0
            ? GuardrailNeeds.Headers | GuardrailNeeds.PathAndQuery : GuardrailNeeds.None)
        | (settings.Has(InjectionType.SystemPromptLeak) ? GuardrailNeeds.RequestContent : GuardrailNeeds.None);

    /// <summary>A leak of the system prompt is found by comparing the answer with the request.</summary>
    public bool IsPurePerSegment(GuardrailStage stage) => stage != GuardrailStage.PreResponse || !settings.Has(InjectionType.SystemPromptLeak);

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var judge = _spares.TryTake() ?? new ContentJudge(settings);
        try
        {
            return ValueTask.FromResult(judge.Judge(call, cancellationToken));
        }
        catch (ScanBoundException bound)
        {
            return ValueTask.FromResult(GuardrailVerdict.Fail(FailureClass.Input, bound.Reason));
        }
        finally
        {
            judge.Clear();
            if (!judge.IsOversized)
            {
                _spares.Give(judge);
            }
        }
    }
}

using LlmGuard.Plugins.DataMasking.Masks;
using LlmGuard.Scanning;

namespace LlmGuard.Plugins.DataMasking;

/// <summary>Masks for one policy entry. A whole text and a stream go through the same scan.</summary>
internal sealed class DataMaskingEvaluator(MaskingRules rules) : ISpanEvaluator, IReversibleEvaluator, ISegmentEvaluator
{
    private readonly Spares<ContentMasking> _spares = new();

    public SpanReach Reach { get; } = new(ScanPlan.Left, rules.Plan.MaxSpan, rules.Plan.Right);

    /// <summary>Masks that cannot be made of an endless match block too, but nothing waits for those.</summary>
    public bool MayBlock { get; } = rules.Rules.Any(static rule => rule.Action == MaskAction.Block);

    public ReversibleMasking? Reversible => rules.Reversible;

    /// <summary>Pure with reversible masking too: its state is made of what was found.</summary>
    public bool IsPurePerSegment(GuardrailStage stage) => true;

    public ISpanScanner? CreateScanner(SegmentRole role, SegmentKind kind) => new MaskingScanner(rules);

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var session = rules.Plan.Rent();
        try
        {
            var masking = _spares.TryTake() ?? new ContentMasking(rules);
            masking.Begin(session, call.MaxFindings);
            foreach (var segment in call.Content)
            {
                cancellationToken.ThrowIfCancellationRequested();
                masking.Take(segment);
            }

            foreach (var joined in call.Content.JoinedTexts)
            {
                cancellationToken.ThrowIfCancellationRequested();
                masking.Take(joined);
            }

            var verdict = masking.ToVerdict();
            rules.Plan.Return(session);
            if (!masking.IsOversized)
            {
                masking.Clear();
                _spares.Give(masking);
            }

            return ValueTask.FromResult(verdict);
        }
        catch (ScanBoundException bound)
        {
            return ValueTask.FromResult(GuardrailVerdict.Fail(FailureClass.Input, bound.Reason));
        }
    }
}

using LlmGuard.Scanning;

namespace LlmGuard.Plugins.PromptModeration;

/// <summary>Judges texts by keywords, phrases and patterns.</summary>
internal sealed class PromptModerationEvaluator(ModerationSettings settings) : ISegmentEvaluator, ISpanEvaluator
{
    // Enough to see what a text is about; every one is needed only where every one is edited.
    private const int MaxReported = 1000;

    private readonly Spares<ModerationFindings> _spares = new();

    public SpanReach Reach { get; } = new(ScanPlan.Left, settings.Plan.MaxSpan, settings.Plan.Right);

    public bool MayBlock => settings.Action == ModerationAction.Block;

    public ISpanScanner? CreateScanner(SegmentRole role, SegmentKind kind) =>
        settings.Rules.Any(rule => rule.AppliesTo(role)) ? new ModerationScanner(settings, role) : null;

    public bool IsPurePerSegment(GuardrailStage stage) => true;

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var findings = _spares.TryTake() ?? new ModerationFindings(settings);
        var failure = findings.Collect(call.Content, cancellationToken);
        var verdict = failure is null ? Conclude(call, findings) : GuardrailVerdict.Fail(FailureClass.Input, failure);
        if (!findings.IsOversized)
        {
            findings.Clear();
            _spares.Give(findings);
        }

        return ValueTask.FromResult(verdict);
    }

    private GuardrailVerdict Conclude(GuardrailCall call, ModerationFindings findings)
    {
        if (findings.Count == 0)
        {
            return GuardrailVerdict.Allow;
        }

        var found = findings.InOrder();
        return settings.Action switch
        {
            ModerationAction.Block => GuardrailVerdict.Block(settings.Refuse(found[0].Type), [.. found.Take(MaxReported)]),
            ModerationAction.Flag => GuardrailVerdict.Flag([.. found.Take(MaxReported)]),
            _ => Mask(call, findings.Masked, found),
        };
    }

    private GuardrailVerdict Mask(GuardrailCall call, IEnumerable<(int Segment, TextSpan Span)> masked, List<GuardrailFinding> found)
    {
        var segments = call.Content.ToDictionary(segment => segment.Index);
        var edits = new List<SegmentEdit>();
        foreach (var (index, span) in masked)
        {
            var segment = segments[index];
            if (segment.Editability == Editability.Identifier)
            {
                // What a provider or client made up to name something, which no model reads: it is reported, and masking it would break the call.
                continue;
            }

            switch (call.Stage == GuardrailStage.PostRequest ? EditScope.None : segment.Editability.Scope)
            {
                case EditScope.Span:
                    edits.Add(new SegmentEdit(index, span, settings.Mask));
                    break;
                case EditScope.WholeValue:
                    edits.Add(new SegmentEdit(index, new TextSpan(0, segment.Utf8.Length), settings.Mask));
                    break;
                default:
                    return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable);
            }
        }

        return edits.Count > 0 ? GuardrailVerdict.Modify([.. edits.Distinct()], found) : GuardrailVerdict.Flag([.. found.Take(MaxReported)]);
    }
}

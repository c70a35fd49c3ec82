using LlmGuard.Execution;

namespace LlmGuard.Tool.Evaluation;

/// <summary>Judges texts with the product's engine, each as a call of its own. Thread-safe.</summary>
internal sealed class TextEvaluator
{
    private readonly IAiGuardrails _guardrails;
    private readonly GuardrailStage _stage;
    private readonly SegmentRole _role;
    private readonly GuardedCallOptions _options;
    private readonly TimeProvider _time;

    public TextEvaluator(IAiGuardrails guardrails, GuardrailStage stage, SegmentRole role, GuardrailPlanQuery query, TimeProvider time)
    {
        _guardrails = guardrails;
        _stage = stage;
        _role = role;
        _time = time;
        _options = new GuardedCallOptions
        {
            Seam = query.Seam,
            Service = query.Service,
            Caller = query.Caller,
            Path = query.Path,
            Method = query.Path is null ? null : query.Method.ToUpperInvariant(),
        };
    }

    /// <summary>Judges a text.</summary>
    /// <param name="utf8">The text, valid UTF-8.</param>
    /// <param name="role">Who says it; null for the role the run was started with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<TextVerdict> EvaluateAsync(ReadOnlyMemory<byte> utf8, string? role, CancellationToken cancellationToken)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddText(utf8, new SegmentInfo { Role = role is null ? _role : new SegmentRole(role.ToLowerInvariant()), Kind = SegmentKind.Message });
        var content = builder.Build();
        var started = _time.GetTimestamp();
        var call = _guardrails.Begin(_options);
        await using (call.ConfigureAwait(false))
        {
            if (_options.Method is not null)
            {
                // Calls over HTTP are measured by their seam, which is not here.
                call.Describe(new RequestFacts { Body = ContentMetrics.Of(content) });
            }

            var decision = await call.EvaluateAsync(_stage, content, cancellationToken).ConfigureAwait(false);
            call.Complete(decision.IsAllowed ? CallEnding.Completed : CallEnding.Blocked);
            return Read(decision, utf8, _time.GetElapsedTime(started));
        }
    }

    private static TextVerdict Read(GuardrailDecision decision, ReadOnlyMemory<byte> utf8, TimeSpan elapsed)
    {
        List<TextFinding>? findings = null;
        List<(string, GuardrailFailure)>? failures = null;
        var isUnjudged = decision.Refusal?.Code == RefusalCodes.Unavailable;
        var points = new CodePoints(utf8);
        foreach (var result in decision.Results)
        {
            if (result.Failure is { } failure)
            {
                (failures ??= []).Add((result.Entry.Plugin, failure));
                isUnjudged |= result.FailedOpen;
            }

            for (var i = 0; i < result.Findings.Count; i++)
            {
                var finding = result.Findings[i];
                TextSpan? span = finding.Segment == 0 ? OriginalSpans.Map(finding.Span, result.EditsBefore) : null;
                (findings ??= []).Add(new TextFinding(
                    result.Entry.Plugin,
                    finding.Rule,
                    finding.Type,
                    span,
                    span is { } from ? points.At(from.Start) : -1,
                    span is { } to ? points.At(to.End) : -1,
                    finding.Confidence));
            }
        }

        return new TextVerdict
        {
            Action = decision.Action,
            IsUnjudged = isUnjudged,
            Text = decision.Content[0].Utf8,
            Findings = findings ?? [],
            Failures = failures ?? [],
            Refusal = decision.Refusal,
            Elapsed = elapsed,
        };
    }
}

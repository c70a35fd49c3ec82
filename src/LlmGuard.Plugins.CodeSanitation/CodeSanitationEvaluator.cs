using LlmGuard.Scanning;

namespace LlmGuard.Plugins.CodeSanitation;

/// <summary>Judges the texts of a call by the rules of code.</summary>
internal sealed class CodeSanitationEvaluator(CodeSettings settings) : ISegmentEvaluator
{
    private readonly Spares<CodeScan> _spares = new();

    public bool IsPurePerSegment(GuardrailStage stage) => true;

    public ValueTask<GuardrailVerdict> EvaluateAsync(GuardrailCall call, CancellationToken cancellationToken)
    {
        var scan = _spares.TryTake() ?? new CodeScan(settings);
        try
        {
            foreach (var segment in call.Content)
            {
                cancellationToken.ThrowIfCancellationRequested();
                scan.Take(segment, call.MaxFindings);
            }

            var joined = call.Content.JoinedTexts;
            for (var i = 0; i < joined.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                scan.Take(joined[i], call.MaxFindings);
            }

            var verdict = Conclude(call, scan);
            if (!scan.IsOversized)
            {
                scan.Clear();
                _spares.Give(scan);
            }

            return ValueTask.FromResult(verdict);
        }
        catch (ScanBoundException bound)
        {
            return ValueTask.FromResult(GuardrailVerdict.Fail(FailureClass.Input, bound.Reason));
        }
    }

    private GuardrailVerdict Conclude(GuardrailCall call, CodeScan scan)
    {
        if (scan.Findings.Count == 0)
        {
            return GuardrailVerdict.Allow;
        }

        if (scan.Findings.Count > call.MaxFindings)
        {
            return GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.LimitExceeded);
        }

        GuardrailFinding[] findings = [.. scan.Findings];
        return settings.Action switch
        {
            CodeAction.Flag => GuardrailVerdict.Flag(findings),
            CodeAction.Sanitize => Sanitize(call, findings),
            _ => Block(findings),
        };
    }

    private GuardrailVerdict Block(GuardrailFinding[] findings) => GuardrailVerdict.Block(
        new GuardrailRefusal { StatusCode = settings.StatusCode, Message = settings.Message, Reason = findings.MaxBy(f => f.Severity).Type },
        findings);

    // A policy that says how to refuse is answered so; without a word of it, a mask that cannot be applied is a failure.
    private GuardrailVerdict Unremovable(GuardrailFinding[] findings) => settings.StatusCode is null && settings.Message is null
        ? GuardrailVerdict.Fail(FailureClass.Input, FailureReasons.MaskNotApplicable)
        : Block(findings);

    private GuardrailVerdict Sanitize(GuardrailCall call, GuardrailFinding[] findings)
    {
        if (call.Stage == GuardrailStage.PostRequest)
        {
            return Unremovable(findings);
        }

        var edits = new Sanitisation(settings).Edits(call.Content, findings);
        return edits is null ? Unremovable(findings)
            : edits.Count == 0 ? GuardrailVerdict.Flag(findings)
            : GuardrailVerdict.Modify(edits, findings);
    }
}

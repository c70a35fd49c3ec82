using LlmGuard.Audit;
using LlmGuard.Telemetry;

namespace LlmGuard.Execution;

/// <summary>Tells metrics, events, logs and audit about an outcome.</summary>
internal static class OutcomeReport
{
    /// <summary>Reports what enforcing entries brought about.</summary>
    /// <param name="call">The call.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="refusal">What the caller was told, or null.</param>
    /// <param name="ending">How the call ended, after it has.</param>
    public static void Write(GuardedCallCore call, in StageOutcome outcome, Refusal? refusal, CallEnding? ending = null)
    {
        var action = refusal is null ? outcome.Action : GuardrailAction.Block;
        call.Services.Telemetry.Decided(outcome.Stage, action, refusal is null ? outcome.Plugin : refusal.Plugin);
        if (outcome.Gate.Failure is { } own)
        {
            call.Services.Telemetry.Failed(own.Failure);
        }

        WriteConclusions(call, outcome, isMonitor: false);
        call.Services.Audit.Write(
            action,
            call,
            (call, outcome, refusal, ending, action),
            static s => Record(s.call, s.outcome, s.action, false) with
            {
                StatusCode = s.refusal?.StatusCode,
                RefusalCode = s.refusal?.Code,
                RefusalReason = s.refusal?.Reason,
                Ending = s.ending,
            });
    }

    /// <summary>Reports what monitoring entries would have brought about.</summary>
    public static void WriteMonitored(GuardedCallCore call, in StageOutcome outcome)
    {
        WriteConclusions(call, outcome, isMonitor: true);
        call.Services.Audit.Write(outcome.Action, call, (call, outcome), static s => Record(s.call, s.outcome, s.outcome.Action, true));
    }

    private static void WriteConclusions(GuardedCallCore call, in StageOutcome outcome, bool isMonitor)
    {
        var services = call.Services;
        foreach (var conclusion in outcome.Conclusions)
        {
            var failedOpen = !isMonitor && Ranking.IsFailedOpen(conclusion, outcome.Stage);
            services.Telemetry.Evaluated(conclusion, outcome.Stage, failedOpen);
            services.Events.Emit(conclusion, outcome.Stage, call.Revision);
            if (failedOpen)
            {
                services.Log.FailedOpen(conclusion.Entry.Plugin.Name, conclusion.Entry.Key.Id, Words.Of(outcome.Stage), conclusion.Failure!.Reason);
            }
        }
    }

    private static GuardrailAuditRecord Record(GuardedCallCore call, in StageOutcome outcome, GuardrailAction action, bool isMonitor) => new()
    {
        Id = call.Id,
        Revision = call.Revision,
        Scope = call.Scope,
        Seam = call.Seam,
        Stage = outcome.Stage,
        Action = action,
        IsMonitor = isMonitor,
        Timestamp = call.Services.Time.GetUtcNow(),
        Elapsed = outcome.Elapsed,
        Entries = EntriesOf(outcome, isMonitor),
        EditedSpans = [.. outcome.Edits.Edits.Select(e => KeyValuePair.Create(e.Segment, e.Span))],
        NotInspected = outcome.Gate.NotInspected ?? [],
    };

    private static GuardrailAuditEntry[] EntriesOf(in StageOutcome outcome, bool isMonitor)
    {
        var stage = outcome.Stage;
        return [.. outcome.Conclusions.Select(c => Entry(c, !isMonitor && Ranking.IsFailedOpen(c, stage)))];
    }

    private static GuardrailAuditEntry Entry(Conclusion conclusion, bool failedOpen) => new()
    {
        Plugin = conclusion.Entry.Plugin.Name,
        EntryId = conclusion.Entry.Key.Id,
        Level = conclusion.Entry.Key.Level,
        Outcome = conclusion.Outcome,
        Failure = conclusion.Failure,
        FailedOpen = failedOpen,
        WasCancelled = conclusion.WasCancelled,
        Elapsed = conclusion.Elapsed,
        Findings = [.. conclusion.Findings.Select(f => new GuardrailAuditFinding(f.Rule, f.Type, f.Segment, f.Span))],
    };
}

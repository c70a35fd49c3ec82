using LlmGuard.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Audit;

/// <summary>Writes audit records to the log: at Information, and those of calls that just passed at Debug.</summary>
internal sealed partial class LoggingAuditSink(ILogger<LoggingAuditSink> logger) : IGuardrailAuditSink
{
    public bool IsEnabled(GuardrailAction action) => logger.IsEnabled(LevelOf(action));

    public void Write(GuardrailAuditRecord record)
    {
        var level = LevelOf(record.Action);
        if (!logger.IsEnabled(level))
        {
            return;
        }

        var stage = Words.Of(record.Stage);
        var action = Words.Of(record.Action);
        var entries = string.Join(", ", record.Entries.Select(Describe));
        Decision(level, record.Id, stage, action, record.IsMonitor, record.RefusalCode, record.RefusalReason, record.Revision, entries);
    }

    private static LogLevel LevelOf(GuardrailAction action) => action == GuardrailAction.Allow ? LogLevel.Debug : LogLevel.Information;

    private static string Describe(GuardrailAuditEntry entry)
    {
        var result = entry switch
        {
            { Failure: { } failure } => $"failed {Words.Of(failure.Class)} {failure.Reason}{(entry.FailedOpen ? " open" : "")}",
            { WasCancelled: true } => "cancelled",
            _ => Words.Of(entry.Outcome),
        };
        return $"{entry.EntryId}: {result}";
    }

    [LoggerMessage(
        EventId = 1,
        EventName = "GuardrailDecision",
        Message =
            "Guardrail decision {CallId} at {Stage}: {Action} (monitor: {IsMonitor}, code: {Code}, reason: {Reason}, revision "
                + "{Revision}): {Entries}")]
    private partial void Decision(
        LogLevel level,
        string callId,
        string stage,
        string action,
        bool isMonitor,
        string? code,
        string? reason,
        string revision,
        string entries);
}

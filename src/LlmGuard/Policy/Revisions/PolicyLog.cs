using Microsoft.Extensions.Logging;

namespace LlmGuard.Policy.Revisions;

/// <summary>What the policy logs. Never holds a secret or content.</summary>
internal static partial class PolicyLog
{
    [LoggerMessage(
        1001,
        LogLevel.Information,
        "Guardrail policy {Revision} is in force: {Entries} entries, {Rules} rules.",
        EventName = "PolicyLoaded")]
    public static partial void Loaded(ILogger logger, string revision, int entries, int rules);

    [LoggerMessage(
        1002,
        LogLevel.Error,
        "The changed guardrail policy was refused, {Revision} stays in force. {Reason}",
        EventName = "PolicyReloadFailed")]
    public static partial void ReloadFailed(ILogger logger, string revision, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "Guardrail policy: {Warning}", EventName = "PolicyWarning")]
    public static partial void Warning(ILogger logger, string warning);

    [LoggerMessage(1004, LogLevel.Information, "Guardrail policy: {Note}", EventName = "PolicyNote")]
    public static partial void Note(ILogger logger, string note);

    [LoggerMessage(
        1005,
        LogLevel.Warning,
        "Changes in '{Directory}' cannot be watched ({Failure}); policy files are looked at every {Seconds} seconds.",
        EventName = "PolicyWatchFailed")]
    public static partial void WatchFailed(ILogger logger, string directory, string failure, double seconds);

    [LoggerMessage(
        1006,
        LogLevel.Error,
        "Disposing a guardrail evaluator of type {Evaluator} failed ({Failure}).",
        EventName = "EvaluatorDisposalFailed")]
    public static partial void EvaluatorDisposalFailed(ILogger logger, string evaluator, string failure);

    [LoggerMessage(1007, LogLevel.Debug, "The guardrail policy was read again and has not changed.", EventName = "PolicyUnchanged")]
    public static partial void Unchanged(ILogger logger);
}

using Microsoft.Extensions.Logging;

namespace LlmGuard.Telemetry;

/// <summary>What the executor logs. Never content, nor an exception's message, which may quote content: only the exception's type.</summary>
internal sealed partial class ExecutionLog(ILogger<ExecutionLog> logger)
{
    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Warning,
        Message = "Plugin {Plugin} (entry {Entry}) threw {ExceptionType}; the evaluation counts as failed")]
    public partial void EvaluatorThrew(string plugin, string entry, string? exceptionType);

    [LoggerMessage(
        EventId = 2,
        Level = LogLevel.Warning,
        Message = "Plugin {Plugin} (entry {Entry}) ignores its cancellation; the evaluation is abandoned")]
    public partial void EvaluationAbandoned(string plugin, string entry);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Plugin {Plugin} (entry {Entry}) failed open at {Stage}: {Reason}")]
    public partial void FailedOpen(string plugin, string entry, string stage, string reason);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "The state of an entry threw {ExceptionType} when it was disposed")]
    public partial void StateDisposalFailed(string? exceptionType);

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "Audit sink {Sink} threw {ExceptionType}; its record of call {CallId} is lost")]
    public partial void AuditSinkFailed(string? sink, string? exceptionType, string callId);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "Content sink {Sink} threw {ExceptionType}; its record of call {CallId} is lost")]
    public partial void ContentSinkFailed(string? sink, string? exceptionType, string callId);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "Content of call {CallId} is not written to content sinks: {Reason}")]
    public partial void ContentWithheld(string callId, string reason);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "Monitoring work of call {CallId} was dropped: the queue is full")]
    public partial void MonitorDropped(string callId);

    [LoggerMessage(EventId = 9, Level = LogLevel.Error, Message = "post_response of call {CallId} was dropped: the queue is full")]
    public partial void PostResponseDropped(string callId);

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "The host stopped before {Count} items of the queue {Queue} were processed")]
    public partial void DrainIncomplete(string queue, int count);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "Background work of queue {Queue} failed with {ExceptionType}")]
    public partial void BackgroundWorkFailed(string queue, string? exceptionType);

    [LoggerMessage(
        EventId = 13,
        Level = LogLevel.Warning,
        Message = "The mask vault store failed with {ExceptionType}; what other calls of the conversation masked stays masked")]
    public partial void MaskVaultFailed(string? exceptionType);

    [LoggerMessage(EventId = 14, Level = LogLevel.Warning, Message = "Content sink {Sink} is behind; its record of call {CallId} is dropped")]
    public partial void ContentDropped(string? sink, string callId);

    /// <summary>Quotes content: called only when the application has opted in.</summary>
    public void Content(string callId, GuardrailStage stage, GuardrailContent content)
    {
        if (!logger.IsEnabled(LogLevel.Trace))
        {
            return;
        }

        var word = Words.Of(stage);
        foreach (var segment in content)
        {
            var text = segment.Text;
            Text(callId, word, segment.Index, text);
        }
    }

    [LoggerMessage(EventId = 12, Level = LogLevel.Trace, Message = "Call {CallId}, {Stage}, segment {Segment}: {Text}")]
    private partial void Text(string callId, string stage, int segment, string text);
}

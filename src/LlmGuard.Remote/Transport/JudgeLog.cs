using Microsoft.Extensions.Logging;

namespace LlmGuard.Remote.Transport;

/// <summary>What judges log: names, codes and types. Never content, hosts of callers, answers or messages of exceptions.</summary>
internal sealed partial class JudgeLog(ILogger<JudgeLog> logger)
{
    [LoggerMessage(1, LogLevel.Error, "The judge {Plugin} of entry {Entry} could not be asked: {ExceptionType}")]
    public partial void JudgeThrew(string plugin, string entry, string? exceptionType);

    [LoggerMessage(2, LogLevel.Warning, "The circuit breaker of the judge {Plugin} opened: it is not asked for {Duration}")]
    public partial void BreakerOpened(string plugin, TimeSpan duration);

    [LoggerMessage(3, LogLevel.Information, "The circuit breaker of the judge {Plugin} closed: it answers again")]
    public partial void BreakerClosed(string plugin);
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Integration.Tests.Leaks;

/// <summary>Keeps everything that is logged, at every level: messages, their values, exceptions and scopes.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _written = new();

    public IEnumerable<string> Written => _written;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _written);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<string> written) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            written.Enqueue($"{category} scope {Values(state)}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            written.Enqueue($"{category} {logLevel} {eventId} {formatter(state, exception)} {Values(state)} {exception}");

        private static string Values(object? state) => state is IEnumerable<KeyValuePair<string, object?>> pairs
            ? string.Join(' ', pairs.Select(static pair => $"{pair.Key}={pair.Value}"))
            : $"{state}";
    }
}

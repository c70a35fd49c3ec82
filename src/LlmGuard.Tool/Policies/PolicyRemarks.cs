using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LlmGuard.Tool.Policies;

/// <summary>Keeps what the engine logs while it loads a policy: what overrides what, and keys without effect.</summary>
internal sealed class PolicyRemarks : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _remarks = new();
    private volatile bool _isClosed;

    public IEnumerable<(LogLevel Level, string Text)> All => _remarks;

    /// <summary>Takes no more: what evaluations log is not about the policy.</summary>
    public void Close() => _isClosed = true;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one reader of these logs, and it is this.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => !_isClosed && logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        const string Prefix = "Guardrail policy: ";
        if (IsEnabled(logLevel) && eventId.Name is "PolicyWarning" or "PolicyNote")
        {
            var text = formatter(state, exception);
            _remarks.Enqueue((logLevel, text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text));
        }
    }

    public void Dispose() => Close();
}

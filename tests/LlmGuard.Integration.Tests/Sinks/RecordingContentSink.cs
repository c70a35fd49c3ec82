using System.Collections.Concurrent;
using System.Threading.Channels;
using LlmGuard.Audit;

namespace LlmGuard.Integration.Tests.Sinks;

/// <summary>Keeps the records it is given, and then does what a test says.</summary>
internal sealed class RecordingContentSink(Func<CancellationToken, ValueTask>? then = null) : IGuardrailContentSink
{
    private readonly Channel<GuardrailContentRecord> _records = Channel.CreateUnbounded<GuardrailContentRecord>();
    private readonly ConcurrentQueue<GuardrailContentRecord> _seen = new();

    /// <summary>How many were given.</summary>
    public int Count => _seen.Count;

    /// <summary>The next one.</summary>
    public ValueTask<GuardrailContentRecord> NextAsync(CancellationToken cancellationToken) => _records.Reader.ReadAsync(cancellationToken);

    public ValueTask WriteAsync(GuardrailContentRecord record, CancellationToken cancellationToken)
    {
        _seen.Enqueue(record);
        _records.Writer.TryWrite(record);
        return then?.Invoke(cancellationToken) ?? ValueTask.CompletedTask;
    }
}

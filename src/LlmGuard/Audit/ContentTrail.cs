using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Telemetry;

namespace LlmGuard.Audit;

/// <summary>
/// Hands copies of content to all sinks, each at its own pace: one that is slow, or never returns, holds up neither a call nor another sink.
/// </summary>
internal sealed class ContentTrail : IDisposable
{
    /// <summary>Records that a sink is given at once: several, since writing is mostly waiting; few, since one that blocks costs threads.</summary>
    private const int Parallelism = 16;

    private readonly Lane[] _lanes;

    /// <param name="sinks">The sinks.</param>
    /// <param name="maximumBytes">Most bytes of records that wait for one sink.</param>
    /// <param name="telemetry">Counts what there is no room for.</param>
    /// <param name="log">Told of every record that is lost.</param>
    public ContentTrail(IEnumerable<IGuardrailContentSink> sinks, long maximumBytes, GuardrailTelemetry telemetry, ExecutionLog log) =>
        _lanes = [.. sinks.Select(sink => new Lane(sink, new BackgroundQueue("content", maximumBytes, Parallelism, log), telemetry, log))];

    /// <summary>Whether anybody asked for content.</summary>
    public bool IsWanted => _lanes.Length > 0;

    /// <summary>Hands a record to every sink that has room for it.</summary>
    public void Write(GuardrailContentRecord record)
    {
        var bytes = CallBackground.BaseBytes + ContentSize.Of(record.Request) + ContentSize.Of(record.Response);
        foreach (var lane in _lanes)
        {
            lane.Write(record, bytes);
        }
    }

    /// <summary>Waits until the sinks have what they were handed, as <see cref="BackgroundQueue.DrainAsync"/> does.</summary>
    public Task DrainAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken) =>
        Task.WhenAll(_lanes.Select(lane => lane.Queue.DrainAsync(timeout, time, cancellationToken)));

    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Queue.Dispose();
        }
    }

    private sealed class Lane(IGuardrailContentSink sink, BackgroundQueue queue, GuardrailTelemetry telemetry, ExecutionLog log)
    {
        public BackgroundQueue Queue => queue;

        public void Write(GuardrailContentRecord record, long bytes)
        {
            if (!queue.TryReserve(bytes))
            {
                telemetry.ContentDropped();
                log.ContentDropped(sink.GetType().FullName, record.Id);
                return;
            }

            queue.Enqueue(cancellationToken => WriteAsync(record, cancellationToken), bytes);
        }

        private async Task WriteAsync(GuardrailContentRecord record, CancellationToken cancellationToken)
        {
            using var suppression = GuardrailSuppression.Enter();
            try
            {
                await sink.WriteAsync(record, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // A sink is the application's code: a record that is lost is said to be lost, by type only, since a message may quote it.
                log.ContentSinkFailed(sink.GetType().FullName, exception.GetType().FullName, record.Id);
            }
        }
    }
}

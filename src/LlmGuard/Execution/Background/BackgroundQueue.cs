using LlmGuard.Telemetry;

namespace LlmGuard.Execution.Background;

/// <summary>Work off the request path: bounded in bytes, in order of arrival, a few items at a time. Starts by itself and needs no host.</summary>
internal sealed class BackgroundQueue(string name, long maximumBytes, int parallelism, ExecutionLog log) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Item> _items = new();
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource? _idle;
    private long _bytes;
    private int _running;

    /// <summary>Bytes of the items that wait or are being worked on.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// Takes room for an item; false, and nothing taken, when there is not enough. Room that is taken must be used by <see cref="Enqueue"/>.
    /// </summary>
    public bool TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= maximumBytes)
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>Adds an item for which room was taken.</summary>
    public void Enqueue(Func<CancellationToken, Task> work, long bytes)
    {
        lock (_gate)
        {
            _items.Enqueue(new Item(work, bytes));
            if (_running == parallelism)
            {
                return;
            }

            _running++;
        }

        // Without the request's execution context: its ambient values are not this work's.
        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.PumpAsync(), this, preferLocal: false);
    }

    /// <summary>Waits until nothing is left. After the timeout the work is cancelled, and what is left is still passed through, cancelled.</summary>
    /// <param name="timeout">How long to wait; a timeout of the host's cancels too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The host's patience.</param>
    public async Task DrainAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        Task idle;
        lock (_gate)
        {
            if (_running == 0)
            {
                return;
            }

            idle = (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        try
        {
            await idle.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            int left;
            lock (_gate)
            {
                left = _items.Count + _running;
            }

            log.DrainIncomplete(name, left);
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Cancels the work. The source itself stays usable, since calls may end after the container that made the queue.</summary>
    public void Dispose() => _stopping.Cancel();

    private async Task PumpAsync()
    {
        while (TryTake(out var item))
        {
            try
            {
                await item.Work(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The work handles what plugins and sinks throw; whatever else it is must not end the pump.
                log.BackgroundWorkFailed(name, exception.GetType().FullName);
            }

            Interlocked.Add(ref _bytes, -item.Bytes);
        }
    }

    private bool TryTake(out Item item)
    {
        lock (_gate)
        {
            if (_items.TryDequeue(out item))
            {
                return true;
            }

            if (--_running == 0)
            {
                _idle?.TrySetResult();
                _idle = null;
            }

            return false;
        }
    }

    private readonly record struct Item(Func<CancellationToken, Task> Work, long Bytes);
}

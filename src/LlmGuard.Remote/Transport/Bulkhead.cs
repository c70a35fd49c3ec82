namespace LlmGuard.Remote.Transport;

/// <summary>How many requests may be on their way to one judge at once, and how many may wait for that. Thread-safe.</summary>
/// <param name="limit">Most requests at once.</param>
internal sealed class Bulkhead(int limit) : IDisposable
{
    private const int WaitingPerRunning = 32;

    private readonly SemaphoreSlim _room = new(limit, limit);
    private int _waiting;

    /// <summary>Waits for room.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether there is room now; false when too many wait already. Then nothing is to be released.</returns>
    public async ValueTask<bool> EnterAsync(CancellationToken cancellationToken)
    {
        if (_room.Wait(0, CancellationToken.None))
        {
            return true;
        }

        if (Interlocked.Increment(ref _waiting) > limit * WaitingPerRunning)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Makes room.</summary>
    public void Leave() => _room.Release();

    public void Dispose() => _room.Dispose();
}

using System.Collections.Concurrent;

namespace LlmGuard.Counters;

/// <summary>
/// Renews the leases of the calls under way, each for a limited time: those of a call that somebody lost without ending it run out.
/// </summary>
internal sealed class LeaseRenewal(TimeProvider time) : IDisposable
{
    /// <summary>How long a call may last before its leases run out.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan Period = GuardrailCounters.LeaseDuration / 3;

    private readonly ConcurrentDictionary<CounterReservation, long> _since = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private int _isRunning;

    public void Add(CounterReservation reservation)
    {
        _since[reservation] = time.GetTimestamp();
        if (_timer is null)
        {
            lock (_gate)
            {
                _timer ??= time.CreateTimer(static self => _ = ((LeaseRenewal)self!).RunAsync(), this, Period, Period);
            }
        }
    }

    public void Remove(CounterReservation reservation) => _since.TryRemove(reservation, out _);

    public void Dispose()
    {
        _stopping.Cancel();
        lock (_gate)
        {
            _timer?.Dispose();
        }
    }

    private async Task RunAsync()
    {
        // A store that is slow is not asked again before it has answered.
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            return;
        }

        try
        {
            foreach (var (reservation, since) in _since)
            {
                if (time.GetElapsedTime(since) > Longest)
                {
                    Remove(reservation);
                }
                else
                {
                    await reservation.RenewAsync(_stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }
}

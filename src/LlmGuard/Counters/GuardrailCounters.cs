namespace LlmGuard.Counters;

/// <summary>
/// The counters of the application's limiters: those of the <see cref="ICounterStore"/> in its services, and while that is not there those of this
/// process. A thread-safe singleton.
/// </summary>
public sealed class GuardrailCounters : IDisposable
{
    private readonly ICounterStore _store;
    private readonly ICounterStore _local;
    private readonly CounterMetrics _metrics;
    private readonly LeaseRenewal _renewal;
    private bool _isDegraded;

    internal GuardrailCounters(ICounterStore store, ICounterStore local, TimeProvider time, CounterMetrics metrics)
    {
        _store = store;
        _local = local;
        _metrics = metrics;
        _renewal = new LeaseRenewal(time);
        Time = time;
    }

    /// <summary>
    /// How long a lease of <see cref="CounterAlgorithm.Concurrency"/> holds when its process is gone: the window to give such a limit. While the
    /// call lasts, its leases are renewed, for at most an hour.
    /// </summary>
    public static TimeSpan LeaseDuration { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock of the application.</summary>
    public TimeProvider Time { get; }

    /// <summary>Whether the store was not there when it was last asked for a charge, so that this process counts alone.</summary>
    public bool IsDegraded => Volatile.Read(ref _isDegraded);

    /// <summary>Charges several limits at once: all of them or none.</summary>
    /// <param name="charges">The charges; no limit and subject twice. Kept by the reservation: do not change the array afterwards.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    /// <returns>
    /// The reservation, charged or not. When the store is not there, the charge is made in this process alone, and the reservation says so.
    /// </returns>
    /// <exception cref="ArgumentException">A limit and subject stand there twice, or a cost is out of range.</exception>
    public async ValueTask<CounterReservation> ChargeAsync(CounterCharge[] charges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(charges);
        var states = new CounterState[charges.Length];
        try
        {
            var isCharged = await _store.ChargeAsync(charges, states, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _isDegraded, false);
            return new CounterReservation(_store, _renewal, charges, states, isCharged, isDegraded: false);
        }
        catch (CounterStoreException)
        {
            Volatile.Write(ref _isDegraded, true);
            _metrics.Degraded();
        }

        var isChargedHere = await _local.ChargeAsync(charges, states, cancellationToken).ConfigureAwait(false);
        return new CounterReservation(_local, _renewal, charges, states, isChargedHere, isDegraded: true);
    }

    /// <summary>Ends the renewal of leases.</summary>
    public void Dispose() => _renewal.Dispose();
}

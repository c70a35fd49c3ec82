namespace LlmGuard.Counters;

/// <summary>
/// What one call has charged, until it is settled. Belongs into <see cref="GuardrailCall.State"/>: a call that ends without settling ends its
/// leases there, and what it was charged stays charged.
/// </summary>
public sealed class CounterReservation : IDisposable
{
    private readonly ICounterStore _store;
    private readonly CounterCharge[] _charges;
    private readonly CounterState[] _states;
    private readonly LeaseRenewal? _renewal;
    private int _isSettled;

    internal CounterReservation(
        ICounterStore store,
        LeaseRenewal renewal,
        CounterCharge[] charges,
        CounterState[] states,
        bool isCharged,
        bool isDegraded)
    {
        _store = store;
        _charges = charges;
        _states = states;
        IsCharged = isCharged;
        IsDegraded = isDegraded;
        HoldsLeases = isCharged && Array.Exists(charges, static c => c.Limit.Algorithm == CounterAlgorithm.Concurrency);
        if (HoldsLeases)
        {
            _renewal = renewal;
            renewal.Add(this);
        }
    }

    /// <summary>Whether everything was charged; if not, nothing was.</summary>
    public bool IsCharged { get; }

    /// <summary>Whether the store was not there, and the charge was made in this process alone.</summary>
    public bool IsDegraded { get; }

    /// <summary>What was to be charged.</summary>
    public IReadOnlyList<CounterCharge> Charges => _charges;

    /// <summary>How each limit stands, in the order of the charges.</summary>
    public IReadOnlyList<CounterState> States => _states;

    private bool HoldsLeases { get; }

    /// <summary>Ends the leases, and replaces what was charged by what it did cost. Only the first settlement counts.</summary>
    /// <param name="actual">What each charge did cost, in their order; not read for leases. Null leaves everything as charged.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    /// <exception cref="ArgumentException">There are not as many costs as charges.</exception>
    /// <exception cref="CounterStoreException">The store is not there. Charges stay as they are; leases run out.</exception>
    public ValueTask SettleAsync(IReadOnlyList<long>? actual, CancellationToken cancellationToken)
    {
        if (actual is not null && actual.Count != _charges.Length)
        {
            throw new ArgumentException("There must be one cost for each charge.", nameof(actual));
        }

        if (!IsCharged || Interlocked.Exchange(ref _isSettled, 1) != 0)
        {
            return ValueTask.CompletedTask;
        }

        _renewal?.Remove(this);
        return HoldsLeases || actual is not null ? _store.SettleAsync(Settlements(actual), cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Ends the leases if nothing was settled, without waiting for the store.</summary>
    public void Dispose()
    {
        if (HoldsLeases)
        {
            _ = EndAsync();
        }
    }

    internal async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var leases = Settlements(null);
            await _store.RenewAsync(leases, cancellationToken).ConfigureAwait(false);
            if (Volatile.Read(ref _isSettled) != 0)
            {
                // Ended while it was renewed: whichever came last in the store, the lease must be gone.
                await _store.SettleAsync(leases, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (CounterStoreException)
        {
            // The next renewal may find the store again; if none does, the lease runs out.
        }
    }

    private async Task EndAsync()
    {
        try
        {
            await SettleAsync(null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (CounterStoreException)
        {
            // The lease runs out by itself.
        }
    }

    private CounterSettlement[] Settlements(IReadOnlyList<long>? actual)
    {
        var settlements = new CounterSettlement[_charges.Length];
        for (var i = 0; i < settlements.Length; i++)
        {
            var charge = _charges[i];
            var cost = charge.Limit.Algorithm == CounterAlgorithm.Concurrency ? 0 : actual?[i] ?? charge.Cost;
            settlements[i] =
                new CounterSettlement(charge.Limit, charge.Subject, _states[i].Receipt, charge.Cost, Math.Clamp(cost, 0, CounterLimit.MaxValue));
        }

        return settlements;
    }
}

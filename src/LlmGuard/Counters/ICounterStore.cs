namespace LlmGuard.Counters;

/// <summary>Keeps counters. Safe for concurrent use.</summary>
/// <remarks>
/// <para>
/// A store that cannot do what it is asked throws <see cref="CounterStoreException"/>, nothing else besides the caller's own
/// <see cref="OperationCanceledException"/> and argument exceptions; it does so within a time limit of its own.
/// </para>
/// <para>
/// Its clock never makes a limit give more: going back, it stands still as far as counters are concerned. Memory is bounded: a counter on which
/// nothing is charged any more may be forgotten, one on which something is may not.
/// </para>
/// </remarks>
public interface ICounterStore
{
    /// <summary>Charges several limits at once: all of them, or, when one of them has not enough left, none.</summary>
    /// <param name="charges">The charges; no limit and subject twice. None passes.</param>
    /// <param name="states">Receives the state of every limit, in the same order. At least as long as <paramref name="charges"/>.</param>
    /// <param name="cancellationToken">The caller's cancellation; a charge may have been made all the same.</param>
    /// <returns>Whether everything was charged.</returns>
    /// <exception cref="ArgumentException">A limit and subject stand there twice, a cost is out of range, or there is no room for the
    /// states.</exception>
    /// <exception cref="CounterStoreException">The store is not there, or too slow. What was charged is not known.</exception>
    ValueTask<bool> ChargeAsync(ReadOnlyMemory<CounterCharge> charges, Memory<CounterState> states, CancellationToken cancellationToken = default);

    /// <summary>Replaces what was charged by what it did cost, whatever the limits say.</summary>
    /// <param name="settlements">The charges and what they did cost. Settling one twice is the caller's mistake, except that a lease ends
    /// once.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    /// <remarks>
    /// More is charged as of now, and may leave the limit exceeded until it is worked off (a fixed window forgives at its end). Less is given
    /// back as far as the charge still counts: what a sliding or fixed window no longer holds, or what of the level has fallen since, is not
    /// given back again, so that refunds never make a limit give more than it promises.
    /// </remarks>
    /// <exception cref="CounterStoreException">The store is not there, or too slow. What was settled is not known.</exception>
    ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken = default);

    /// <summary>Makes leases hold for another window from now; one that has run out meanwhile is taken again, whatever the limit says.</summary>
    /// <param name="leases">The leases; settlements of other limits are left out.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    /// <exception cref="CounterStoreException">The store is not there, or too slow.</exception>
    ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken = default);
}

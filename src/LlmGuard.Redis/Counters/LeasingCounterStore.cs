using LlmGuard.Counters;

namespace LlmGuard.Redis.Counters;

/// <summary>
/// Charges several requests' worth at once and answers the following ones from what is in hand. What is in hand has been charged, so a limit still
/// gives what it says; it may be used up to a lease's lifetime later.
/// </summary>
internal sealed class LeasingCounterStore : ICounterStore
{
    // A window's eighth is what the sliding window is exact to anyway.
    private const int WindowParts = 8;

    // Of a limit, how much of it one process may have in hand.
    private const int LimitParts = 10;

    private const int MaxHands = 65_536;

    private readonly RedisCounterStore _store;
    private readonly int _requests;
    private readonly TimeSpan _lifetime;
    private readonly Lock _gate = new();
    private readonly ChargesInHand _inHand;
    private readonly Dictionary<(CounterLimit Limit, string Subject), Task> _refills = [];

    public LeasingCounterStore(RedisCounterStore store, RedisOptions options, TimeProvider time)
    {
        _store = store;
        _requests = options.LeaseRequests;
        _lifetime = options.LeaseLifetime;
        _inHand = new ChargesInHand(time, MaxHands);
    }

    public async ValueTask<bool> ChargeAsync(
        ReadOnlyMemory<CounterCharge> charges, Memory<CounterState> states, CancellationToken cancellationToken = default)
    {
        CounterCharge.ThrowIfInvalid(charges.Span, states.Length);
        cancellationToken.ThrowIfCancellationRequested();
        if (TryHere(charges.Span, states.Span, out var passed, out var refill))
        {
            return passed;
        }

        if (refill is not null)
        {
            // Somebody is asking for more of the same: that may be enough for us too. How it ends is that caller's business.
            await refill.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (TryHere(charges.Span, states.Span, out passed, out _))
            {
                return passed;
            }
        }

        return await RefillAsync(charges, states, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken = default)
    {
        var rest = new List<CounterSettlement>(settlements.Length);
        lock (_gate)
        {
            foreach (ref readonly var settlement in settlements.Span)
            {
                if (!_inHand.TrySettle(settlement))
                {
                    // What is given back may end a refusal that is being repeated.
                    _inHand.Forget(settlement.Limit, settlement.Subject);
                    rest.Add(settlement);
                }
            }
        }

        if (rest.Count > 0)
        {
            await _store.SettleAsync(rest.ToArray(), cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken = default) =>
        _store.RenewAsync(leases, cancellationToken);

    /// <summary>Answers from what is in hand. False when the store has to be asked, with the refill to wait for if one is under way.</summary>
    private bool TryHere(ReadOnlySpan<CounterCharge> charges, Span<CounterState> states, out bool passed, out Task? refill)
    {
        passed = false;
        refill = null;
        lock (_gate)
        {
            var (worst, refused) = (HandProbe.Passes, false);
            for (var i = 0; i < charges.Length; i++)
            {
                var probe = _inHand.Probe(charges[i], out states[i]);
                refused |= probe == HandProbe.Refused;
                if (probe < HandProbe.Passes)
                {
                    worst = probe < worst ? probe : worst;
                    refill ??= _refills.GetValueOrDefault((charges[i].Limit, charges[i].Subject));
                }
            }

            if (worst == HandProbe.Unknown || (worst == HandProbe.TooLittle && !refused))
            {
                return false;
            }

            passed = !refused;
            for (var i = 0; i < charges.Length; i++)
            {
                if (passed)
                {
                    _inHand.Take(charges[i].Limit, charges[i].Subject, charges[i].Cost);
                }
                else if (states[i].Receipt != default)
                {
                    states[i] = states[i] with { Remaining = states[i].Remaining + charges[i].Cost, Receipt = default };
                }
            }

            return true;
        }
    }

    private async Task<bool> RefillAsync(ReadOnlyMemory<CounterCharge> charges, Memory<CounterState> states, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var advances = new long[charges.Length];
        lock (_gate)
        {
            for (var i = 0; i < advances.Length; i++)
            {
                var charge = charges.Span[i];
                advances[i] = AdvanceOf(charge) is > 0 and var advance && _refills.TryAdd((charge.Limit, charge.Subject), done.Task) ? advance : 0;
            }
        }

        var asked = (long[])advances.Clone();
        try
        {
            var passed = await _store.ChargeAsync(charges, states, advances, cancellationToken).ConfigureAwait(false);
            Keep(charges.Span, states.Span, asked, advances, passed);
            return passed;
        }
        finally
        {
            lock (_gate)
            {
                for (var i = 0; i < asked.Length; i++)
                {
                    if (asked[i] > 0)
                    {
                        _refills.Remove((charges.Span[i].Limit, charges.Span[i].Subject));
                    }
                }
            }

            done.SetResult();
        }
    }

    private void Keep(ReadOnlySpan<CounterCharge> charges, ReadOnlySpan<CounterState> states, long[] asked, long[] advances, bool passed)
    {
        lock (_gate)
        {
            for (var i = 0; i < charges.Length; i++)
            {
                var eighth = charges[i].Limit.Window / WindowParts;
                var life = _lifetime < eighth ? _lifetime : eighth;
                if (charges[i].Limit.Algorithm == CounterAlgorithm.Concurrency)
                {
                    continue;
                }

                // A refusal is kept to be repeated; how the others stand as well, since all states are needed for that.
                if (!passed || asked[i] > 0)
                {
                    _inHand.Put(charges[i], states[i], advances[i], life);
                }
            }
        }
    }

    private long AdvanceOf(in CounterCharge charge)
    {
        if (charge.Limit.Algorithm == CounterAlgorithm.Concurrency || charge.Cost == 0)
        {
            return 0;
        }

        var most = (Math.Min(charge.Limit.Limit, charge.Limit.Burst) / LimitParts) - charge.Cost;
        return Math.Min(most, (_requests - 1) * charge.Cost);
    }
}

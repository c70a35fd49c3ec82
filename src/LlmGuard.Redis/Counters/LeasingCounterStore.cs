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

    // How often to wait for others' trips before asking for oneself.
    private const int MostRounds = 100;

    private readonly RedisCounterStore _store;
    private readonly int _requests;
    private readonly TimeSpan _lifetime;
    private readonly Lock _gate = new();
    private readonly ChargesInHand _inHand;
    private readonly Dictionary<(CounterLimit Limit, string Subject), Refill> _refills = [];

    public LeasingCounterStore(RedisCounterStore store, RedisOptions options, TimeProvider time)
    {
        _store = store;
        _requests = options.LeaseRequests;
        _lifetime = options.LeaseLifetime;
        _inHand = new ChargesInHand(time, MaxHands);
    }

    public async ValueTask<bool> ChargeAsync(
        ReadOnlyMemory<CounterCharge> charges,
        Memory<CounterState> states,
        CancellationToken cancellationToken = default)
    {
        CounterCharge.ThrowIfInvalid(charges.Span, states.Length);
        cancellationToken.ThrowIfCancellationRequested();
        for (var round = 0; ; round++)
        {
            if (TryHere(charges.Span, states.Span, mayWait: round < MostRounds, out var passed, out var asking))
            {
                return passed;
            }

            if (asking.Own is not null)
            {
                return await AskAsync(asking.Own, charges, states, cancellationToken).ConfigureAwait(false);
            }

            // Somebody is asking for more of the same: that may be enough for us too. If it failed, we need not fail one after the other.
            if (!await asking.Wait!.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                return await AskAsync(new Refill(charges.Length), charges, states, cancellationToken).ConfigureAwait(false);
            }
        }
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

    /// <summary>Answers from what is in hand. False when the store has to be asked: by whoever asks already, or by us from now on.</summary>
    private bool TryHere(ReadOnlySpan<CounterCharge> charges, Span<CounterState> states, bool mayWait, out bool passed, out Asking asking)
    {
        asking = default;
        lock (_gate)
        {
            var (worst, refused) = (HandProbe.Passes, false);
            Refill? other = null;
            for (var i = 0; i < charges.Length; i++)
            {
                var probe = _inHand.Probe(charges[i], out states[i]);
                refused |= probe == HandProbe.Refused;
                if (probe < HandProbe.Passes)
                {
                    worst = probe < worst ? probe : worst;
                    other ??= _refills.GetValueOrDefault((charges[i].Limit, charges[i].Subject));
                }
            }

            passed = !refused;
            if (worst == HandProbe.Unknown || (worst == HandProbe.TooLittle && !refused))
            {
                asking = other is not null && mayWait ? new Asking(other.Task, null) : new Asking(null, Begin(charges));
                return false;
            }

            Take(charges, states, passed);
            return true;
        }
    }

    private void Take(ReadOnlySpan<CounterCharge> charges, Span<CounterState> states, bool passed)
    {
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
    }

    /// <summary>Announces that more is asked for of what there is not enough of.</summary>
    private Refill Begin(ReadOnlySpan<CounterCharge> charges)
    {
        var refill = new Refill(charges.Length);
        for (var i = 0; i < charges.Length; i++)
        {
            var advance = AdvanceOf(charges[i]);
            if (advance > 0 && _inHand.Probe(charges[i], out _) != HandProbe.Passes
                && _refills.TryAdd((charges[i].Limit, charges[i].Subject), refill))
            {
                refill.Advances[i] = advance;
            }
        }

        return refill;
    }

    private async Task<bool> AskAsync(
        Refill refill,
        ReadOnlyMemory<CounterCharge> charges,
        Memory<CounterState> states,
        CancellationToken cancellationToken)
    {
        var advances = (long[])refill.Advances.Clone();
        var isAnswered = false;
        try
        {
            var passed = await _store.ChargeAsync(charges, states, advances, cancellationToken).ConfigureAwait(false);
            Keep(charges.Span, states.Span, refill, advances, passed);
            isAnswered = true;
            return passed;
        }
        finally
        {
            lock (_gate)
            {
                for (var i = 0; i < advances.Length; i++)
                {
                    if (refill.Advances[i] > 0)
                    {
                        _refills.Remove((charges.Span[i].Limit, charges.Span[i].Subject));
                    }
                }
            }

            refill.End(isAnswered);
        }
    }

    private void Keep(ReadOnlySpan<CounterCharge> charges, Span<CounterState> states, Refill refill, long[] advances, bool passed)
    {
        lock (_gate)
        {
            for (var i = 0; i < charges.Length; i++)
            {
                if (charges[i].Limit.Algorithm == CounterAlgorithm.Concurrency)
                {
                    continue;
                }

                if (refill.Advances[i] == 0)
                {
                    states[i] = _inHand.Refresh(charges[i], states[i]);
                }

                // How a limit stands is kept beside refusals too: to repeat one, all states are needed.
                if (refill.Advances[i] > 0 || !passed)
                {
                    var eighth = charges[i].Limit.Window / WindowParts;
                    _inHand.Put(charges[i], states[i], advances[i], _lifetime < eighth ? _lifetime : eighth);
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

    /// <summary>Whom to wait for, or what to ask for.</summary>
    private readonly record struct Asking(Task<bool>? Wait, Refill? Own);

    /// <summary>A trip to the store that others wait for.</summary>
    private sealed class Refill(int charges)
    {
        private readonly TaskCompletionSource<bool> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>How much more than its cost is asked for of each charge.</summary>
        public long[] Advances { get; } = new long[charges];

        /// <summary>Ends with whether the store has answered.</summary>
        public Task<bool> Task => _answered.Task;

        public void End(bool isAnswered) => _answered.SetResult(isAnswered);
    }
}

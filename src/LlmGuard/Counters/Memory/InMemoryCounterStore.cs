using System.Numerics;

namespace LlmGuard.Counters.Memory;

/// <summary>
/// Counters of this process, in shards with a lock each. The clock starts at the wall clock and is monotonic from there. Order of locks: shards
/// by number, then the overflow.
/// </summary>
internal sealed class InMemoryCounterStore : ICounterStore
{
    private const int Shards = 64;

    [ThreadStatic]
    private static CounterCell?[]? _scratch;

    private readonly CounterShard[] _shards;
    private readonly CounterOverflow _overflow;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _startTicks;
    private readonly bool _isCoarse;

    /// <param name="maxKeys">How many counters there may be, rounded up to a multiple of 64.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Told about charges for which there was no room.</param>
    public InMemoryCounterStore(int maxKeys, TimeProvider time, CounterMetrics metrics)
    {
        _time = time;
        _overflow = new CounterOverflow(metrics);
        _isCoarse = ReferenceEquals(time, TimeProvider.System);
        _start = _isCoarse ? Environment.TickCount64 : time.GetTimestamp();
        _startTicks = time.GetUtcNow().UtcTicks;
        _shards = new CounterShard[Shards];
        for (var i = 0; i < Shards; i++)
        {
            _shards[i] = new CounterShard((int)(((long)maxKeys + Shards - 1) / Shards));
        }
    }

    /// <summary>How many counters there are.</summary>
    public int Count => _shards.Sum(static s => s.Count);

    public ValueTask<bool> ChargeAsync(
        ReadOnlyMemory<CounterCharge> charges,
        Memory<CounterState> states,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CounterCharge.ThrowIfInvalid(charges.Span, states.Length);
        return new ValueTask<bool>(charges.Length == 1 ? ChargeOne(charges.Span[0], ref states.Span[0]) : ChargeAll(charges.Span, states.Span));
    }

    public ValueTask SettleAsync(ReadOnlyMemory<CounterSettlement> settlements, CancellationToken cancellationToken = default)
    {
        foreach (ref readonly var settlement in settlements.Span)
        {
            if (settlement.Actual != settlement.Charged)
            {
                var isMore = settlement.Actual > settlement.Charged;
                Correct(settlement, isMore, static (cell, s, now) => cell.Settle(s, now));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RenewAsync(ReadOnlyMemory<CounterSettlement> leases, CancellationToken cancellationToken = default)
    {
        foreach (ref readonly var lease in leases.Span)
        {
            if (lease.Limit.Algorithm == CounterAlgorithm.Concurrency)
            {
                Correct(lease, true, static (cell, s, now) => ((LeaseCell)cell).Renew(s, now));
            }
        }

        return ValueTask.CompletedTask;
    }

    private static int ShardOf(in CellKey key) => (key.GetHashCode() >>> 8) & (Shards - 1);

    // The complement of a lease's number says that the charge was made to the overflow.
    private static CounterReceipt Charge(CounterCell cell, in CounterCharge charge, long now, bool isOverflow)
    {
        var lease = cell.Apply(charge.Limit, charge.Cost, now);
        return new CounterReceipt(now, isOverflow ? ~lease : lease);
    }

    // Of the system's clock the coarse one: it is monotonic too, costs a tenth, and its few milliseconds are nothing to a window.
    private long Now() => _startTicks + (_isCoarse
        ? (Environment.TickCount64 - _start) * TimeSpan.TicksPerMillisecond
        : _time.GetElapsedTime(_start).Ticks);

    private bool ChargeOne(in CounterCharge charge, ref CounterState state)
    {
        var key = new CellKey(charge.Limit, charge.Subject);
        var shard = _shards[ShardOf(key)];
        lock (shard.Gate)
        {
            var now = shard.Clock(Now());
            if (shard.FindOrAdd(key, now) is { } cell)
            {
                return TryCharge(cell, charge, ref state, now, isOverflow: false);
            }
        }

        lock (_overflow.Gate)
        {
            return TryCharge(_overflow.Take(charge.Limit), charge, ref state, _overflow.Clock(Now()), isOverflow: true);
        }
    }

    private static bool TryCharge(CounterCell cell, in CounterCharge charge, ref CounterState state, long now, bool isOverflow)
    {
        state = cell.Probe(charge.Limit, charge.Cost, now);
        if (state.IsExceeded)
        {
            return false;
        }

        state = state with { Receipt = Charge(cell, charge, now, isOverflow) };
        return true;
    }

    private bool ChargeAll(ReadOnlySpan<CounterCharge> charges, Span<CounterState> states)
    {
        var involved = 0UL;
        foreach (ref readonly var charge in charges)
        {
            involved |= 1UL << ShardOf(new CellKey(charge.Limit, charge.Subject));
        }

        var cells = _scratch is { } scratch && scratch.Length >= charges.Length ? scratch : _scratch = new CounterCell?[Math.Max(8, charges.Length)];
        var isOverflowLocked = false;
        for (var bits = involved; bits != 0; bits &= bits - 1)
        {
            _shards[BitOperations.TrailingZeroCount(bits)].Gate.Enter();
        }

        try
        {
            var now = FindAll(charges, cells, involved);
            if (cells.AsSpan(0, charges.Length).Contains(null))
            {
                _overflow.Gate.Enter();
                isOverflowLocked = true;
                now = _overflow.Clock(now);
            }

            return ChargeLocked(charges, states, cells, now);
        }
        finally
        {
            cells.AsSpan(0, charges.Length).Clear();
            if (isOverflowLocked)
            {
                _overflow.Gate.Exit();
            }

            for (var bits = involved; bits != 0; bits &= bits - 1)
            {
                _shards[BitOperations.TrailingZeroCount(bits)].Gate.Exit();
            }
        }
    }

    private long FindAll(ReadOnlySpan<CounterCharge> charges, CounterCell?[] cells, ulong involved)
    {
        var now = Now();
        for (var bits = involved; bits != 0; bits &= bits - 1)
        {
            now = _shards[BitOperations.TrailingZeroCount(bits)].Clock(now);
        }

        for (var i = 0; i < charges.Length; i++)
        {
            var key = new CellKey(charges[i].Limit, charges[i].Subject);
            cells[i] = _shards[ShardOf(key)].FindOrAdd(key, now);
        }

        return now;
    }

    private bool ChargeLocked(ReadOnlySpan<CounterCharge> charges, Span<CounterState> states, CounterCell?[] cells, long now)
    {
        var passes = true;
        for (var i = 0; i < charges.Length; i++)
        {
            states[i] = (cells[i] ?? _overflow.Take(charges[i].Limit)).Probe(charges[i].Limit, charges[i].Cost, now);
            passes &= !states[i].IsExceeded;
        }

        for (var i = 0; i < charges.Length; i++)
        {
            var cell = cells[i] ?? _overflow.Find(charges[i].Limit)!;
            if (passes)
            {
                states[i] = states[i] with { Receipt = Charge(cell, charges[i], now, cells[i] is null) };
            }
            else if (!states[i].IsExceeded)
            {
                // It would have passed; nothing was charged, so the state is the one without the charge.
                states[i] = cell.Probe(charges[i].Limit, 0, now);
            }
        }

        return passes;
    }

    private void Correct(in CounterSettlement settlement, bool isAdded, Action<CounterCell, CounterSettlement, long> correct)
    {
        var key = new CellKey(settlement.Limit, settlement.Subject);
        var shard = _shards[ShardOf(key)];
        var isOverflow = settlement.Receipt.Lease < 0;
        if (!isOverflow)
        {
            lock (shard.Gate)
            {
                // A counter that was forgotten counted nothing any more: there is nothing to take from it, but there may be more to add.
                var now = shard.Clock(Now());
                if ((isAdded ? shard.FindOrAdd(key, now) : shard.Find(key)) is { } cell)
                {
                    correct(cell, settlement, now);
                    return;
                }
            }
        }

        if (isOverflow || isAdded)
        {
            var receipt = settlement.Receipt with { Lease = isOverflow ? ~settlement.Receipt.Lease : settlement.Receipt.Lease };
            lock (_overflow.Gate)
            {
                correct(_overflow.Take(settlement.Limit), settlement with { Receipt = receipt }, _overflow.Clock(Now()));
            }
        }
    }
}

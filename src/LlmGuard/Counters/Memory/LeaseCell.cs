namespace LlmGuard.Counters.Memory;

/// <summary>What is under way: a lease each, until it is ended or runs out.</summary>
internal sealed class LeaseCell(CellKey key) : CounterCell(key)
{
    private readonly Dictionary<long, long> _endings = [];
    private long _earliest = long.MaxValue;

    public override CounterState Probe(CounterLimit limit, long cost, long now)
    {
        Forget(now);
        var left = limit.Limit - _endings.Count;
        return cost <= left
            ? new CounterState(false, left - cost, TimeSpan.Zero, TimeSpan.Zero)
            : new CounterState(true, Math.Max(0, left), TimeSpan.Zero, null);
    }

    public override long Apply(CounterLimit limit, long cost, long now)
    {
        if (cost == 0)
        {
            return 0;
        }

        var lease = LeaseNumbers.Next();
        Hold(lease, limit, now);
        return lease;
    }

    public override void Settle(in CounterSettlement settlement, long now)
    {
        if (settlement.Actual != 0)
        {
            return;
        }

        _endings.Remove(settlement.Receipt.Lease);
        if (_endings.Count == 0)
        {
            IdleAt = now;
            _earliest = long.MaxValue;
        }
    }

    public void Renew(in CounterSettlement lease, long now) => Hold(lease.Receipt.Lease, lease.Limit, now);

    private void Hold(long lease, CounterLimit limit, long now)
    {
        var end = now + limit.Window.Ticks;
        _endings[lease] = end;
        _earliest = Math.Min(_earliest, end);
        IdleAt = Math.Max(IdleAt, end);
    }

    private void Forget(long now)
    {
        if (now < _earliest)
        {
            return;
        }

        _earliest = long.MaxValue;
        foreach (var (lease, end) in _endings)
        {
            if (end <= now)
            {
                _endings.Remove(lease);
            }
            else
            {
                _earliest = Math.Min(_earliest, end);
            }
        }
    }
}

/// <summary>Numbers of leases: from 1, never twice in a process.</summary>
internal static class LeaseNumbers
{
    private static long _last;

    public static long Next() => Interlocked.Increment(ref _last);
}

namespace LlmGuard.Counters.Memory;

/// <summary>Windows one after the other, aligned to the clock.</summary>
internal sealed class FixedCell(CellKey key) : CounterCell(key)
{
    private long _end;
    private long _used;

    public override CounterState Probe(CounterLimit limit, long cost, long now)
    {
        Enter(limit, now);
        var rest = new TimeSpan(_end - now);
        var left = limit.Limit - _used;
        return cost <= left
            ? new CounterState(false, left - cost, _used + cost == 0 ? TimeSpan.Zero : rest, TimeSpan.Zero)
            : new CounterState(true, Math.Max(0, left), _used == 0 ? TimeSpan.Zero : rest, cost > limit.Limit ? null : rest);
    }

    public override long Apply(CounterLimit limit, long cost, long now)
    {
        Enter(limit, now);
        _used = Add(_used, cost);
        IdleAt = _end;
        return 0;
    }

    public override void Settle(in CounterSettlement settlement, long now)
    {
        var limit = settlement.Limit;
        var change = settlement.Actual - settlement.Charged;
        Enter(limit, now);
        if (change > 0 || settlement.Receipt.At >= _end - limit.Window.Ticks)
        {
            _used = Add(_used, change);
            IdleAt = _end;
        }
    }

    private void Enter(CounterLimit limit, long now)
    {
        if (now >= _end)
        {
            _end = now - (now % limit.Window.Ticks) + limit.Window.Ticks;
            _used = 0;
        }
    }
}

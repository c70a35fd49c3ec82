namespace LlmGuard.Counters.Memory;

/// <summary>Windows one after the other, aligned to the clock.</summary>
internal sealed class FixedCell(CellKey key) : CounterCell(key)
{
    private long _window;
    private long _used;

    public override CounterState Probe(CounterLimit limit, long cost, long now)
    {
        var used = Enter(limit, now) ? _used : 0;
        var rest = new TimeSpan(limit.Window.Ticks - (now % limit.Window.Ticks));
        var left = limit.Limit - used;
        return cost <= left
            ? new CounterState(false, left - cost, used + cost == 0 ? TimeSpan.Zero : rest, TimeSpan.Zero)
            : new CounterState(true, Math.Max(0, left), used == 0 ? TimeSpan.Zero : rest, cost > limit.Limit ? null : rest);
    }

    public override long Apply(CounterLimit limit, long cost, long now)
    {
        Charge(limit, cost, now);
        return 0;
    }

    public override void Settle(in CounterSettlement settlement, long now)
    {
        var limit = settlement.Limit;
        var change = settlement.Actual - settlement.Charged;
        if (change > 0 || settlement.Receipt.At / limit.Window.Ticks == now / limit.Window.Ticks)
        {
            Charge(limit, change, now);
        }
    }

    private bool Enter(CounterLimit limit, long now) => _window == now / limit.Window.Ticks;

    private void Charge(CounterLimit limit, long change, long now)
    {
        var window = now / limit.Window.Ticks;
        _used = Add(_window == window ? _used : 0, change);
        _window = window;
        IdleAt = (window + 1) * limit.Window.Ticks;
    }
}

namespace LlmGuard.Counters.Memory;

/// <summary>
/// GCRA, kept as a level that falls evenly instead of as the time at which it would be empty: whole costs then add up without rounding, also
/// where a window does not divide into them.
/// </summary>
internal sealed class LevelCell(CellKey key) : CounterCell(key)
{
    // Far below one unit of cost, far above what rounding can add up to.
    private const double Slack = 1e-6;

    private double _level;
    private long _at;

    public override CounterState Probe(CounterLimit limit, long cost, long now)
    {
        Fall(limit, now);
        var after = _level + cost;
        if (after <= limit.Burst + Slack)
        {
            return new CounterState(false, Left(limit, after), Drain(limit, after), TimeSpan.Zero);
        }

        TimeSpan? retry = cost > limit.Burst ? null : Drain(limit, after - limit.Burst);
        return new CounterState(true, Left(limit, _level), Drain(limit, _level), retry);
    }

    public override long Apply(CounterLimit limit, long cost, long now)
    {
        Fall(limit, now);
        Raise(limit, cost, now);
        return 0;
    }

    public override void Settle(in CounterSettlement settlement, long now)
    {
        var limit = settlement.Limit;
        Fall(limit, now);
        double change = settlement.Actual - settlement.Charged;
        if (change < 0)
        {
            // What has fallen since the charge may have been this charge: it is not given back a second time.
            change = Math.Min(0, change + (Rate(limit) * Math.Max(0, now - settlement.Receipt.At)));
        }

        Raise(limit, change, now);
    }

    private static double Rate(CounterLimit limit) => limit.Limit / (double)limit.Window.Ticks;

    private static long Left(CounterLimit limit, double level) => (long)Math.Max(0, Math.Floor(limit.Burst - level + Slack));

    private static TimeSpan Drain(CounterLimit limit, double level)
    {
        var ticks = level <= Slack ? 0 : Math.Ceiling(level / Rate(limit));
        return ticks < TimeSpan.MaxValue.Ticks ? new TimeSpan((long)ticks) : TimeSpan.MaxValue;
    }

    private void Raise(CounterLimit limit, double change, long now)
    {
        _level = Math.Clamp(_level + change, 0, CounterLimit.MaxValue);
        var drain = Drain(limit, _level).Ticks;
        IdleAt = drain > long.MaxValue - now ? long.MaxValue : now + drain;
    }

    private void Fall(CounterLimit limit, long now)
    {
        if (now > _at)
        {
            _level = _level == 0 ? 0 : Math.Max(0, _level - (Rate(limit) * (now - _at)));
            _at = now;
        }
    }
}

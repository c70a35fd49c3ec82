using System.Runtime.CompilerServices;

namespace LlmGuard.Counters.Memory;

/// <summary>
/// A window kept in eighths. What counts is the eighth under way and the eight before it, that is at least one window and at most one and an
/// eighth: so never more than the limit within any window, in constant memory.
/// </summary>
internal sealed class SlidingCell(CellKey key) : CounterCell(key)
{
    private const int Parts = 8;
    private const int Counted = Parts + 1;

    private Counts _counts;
    private long _last;
    private long _end;
    private long _used;

    public override CounterState Probe(CounterLimit limit, long cost, long now)
    {
        var part = Enter(limit, now);
        var used = _used;
        if (used + cost <= limit.Limit)
        {
            var reset = used > 0 ? LeavesAfter(limit, part, 1, now) : cost > 0 ? Leaves(limit, part, now) : TimeSpan.Zero;
            return new CounterState(false, limit.Limit - used - cost, reset, TimeSpan.Zero);
        }

        return new CounterState(
            true,
            Math.Max(0, limit.Limit - used),
            used > 0 ? LeavesAfter(limit, part, 1, now) : TimeSpan.Zero,
            cost > limit.Limit ? null : LeavesAfter(limit, part, used + cost - limit.Limit, now));
    }

    public override long Apply(CounterLimit limit, long cost, long now)
    {
        Change(limit, Enter(limit, now), cost, now);
        return 0;
    }

    public override void Settle(in CounterSettlement settlement, long now)
    {
        var limit = settlement.Limit;
        var current = Enter(limit, now);
        var change = settlement.Actual - settlement.Charged;
        var part = change > 0 ? current : settlement.Receipt.At / Width(limit);
        if (part > current - Counted)
        {
            Change(limit, Math.Min(part, current), change, now);
        }
    }

    // Rounded up, so that eight of them are not less than the window.
    private static long Width(CounterLimit limit) => (limit.Window.Ticks + Parts - 1) / Parts;

    private static TimeSpan Leaves(CounterLimit limit, long part, long now) => new(((part + Counted) * Width(limit)) - now);

    private void Change(CounterLimit limit, long part, long change, long now)
    {
        ref var count = ref _counts[(int)(part % Counted)];
        var before = count;
        count = Add(count, change);
        _used += count - before;
        IdleAt = _used == 0 ? now : (_last + Counted) * Width(limit);
    }

    /// <summary>Until so much of what counts has left the window.</summary>
    private TimeSpan LeavesAfter(CounterLimit limit, long current, long amount, long now)
    {
        var part = current - Parts;
        var slot = (int)(part % Counted);
        for (var left = 0L; part < current; part++)
        {
            left += _counts[slot];
            slot = slot == Counted - 1 ? 0 : slot + 1;
            if (left >= amount)
            {
                break;
            }
        }

        return Leaves(limit, part, now);
    }

    private long Enter(CounterLimit limit, long now)
    {
        // Most charges fall into the part of the one before.
        if (now < _end)
        {
            return _last;
        }

        var part = now / Width(limit);
        _end = (part + 1) * Width(limit);
        if (part - _last >= Counted)
        {
            _counts = default;
            _used = 0;
            _last = part;
        }

        while (_last < part)
        {
            ref var count = ref _counts[(int)(++_last % Counted)];
            _used -= count;
            count = 0;
        }

        return part;
    }

    [InlineArray(Counted)]
    private struct Counts
    {
        private long _first;
    }
}

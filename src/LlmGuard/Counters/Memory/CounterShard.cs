namespace LlmGuard.Counters.Memory;

/// <summary>A part of the table under one lock, with room for so many cells. Cells that count nothing make room; the others never do.</summary>
internal sealed class CounterShard(int capacity)
{
    // Freed with every new cell, so that a table that was full once becomes small again. Not at once: who comes again soon finds his cell.
    private const int FreedPerNew = 2;
    private const long Kept = 5 * TimeSpan.TicksPerMinute;

    private readonly Dictionary<CellKey, CounterCell> _cells = [];

    // By when each cell was known to become idle; a cell that has been charged since is put back when it comes up.
    private readonly PriorityQueue<CounterCell, long> _byIdle = new();
    private long _latest;

    public Lock Gate { get; } = new();

    public int Count => _cells.Count;

    /// <summary>The time, unless this shard has seen a later one.</summary>
    public long Clock(long now) => _latest = Math.Max(_latest, now);

    public CounterCell? Find(in CellKey key) => _cells.GetValueOrDefault(key);

    /// <summary>The cell, made when it is not there; null when all cells count and there is no room for another.</summary>
    public CounterCell? FindOrAdd(in CellKey key, long now)
    {
        if (_cells.TryGetValue(key, out var cell))
        {
            return cell;
        }

        Free(now);
        if (_cells.Count >= capacity)
        {
            return null;
        }

        // Not idle before the clock moves on: another charge of the same call must not make it give way.
        cell = CounterCell.Create(key);
        cell.IdleAt = now + 1;
        _cells.Add(key, cell);
        _byIdle.Enqueue(cell, cell.IdleAt);
        return cell;
    }

    private void Free(long now)
    {
        var freed = 0;
        while (_byIdle.TryPeek(out var cell, out var idleAt)
            && (_cells.Count >= capacity ? idleAt <= now : freed < FreedPerNew && idleAt <= now - Kept))
        {
            if (cell.IdleAt > idleAt)
            {
                _byIdle.DequeueEnqueue(cell, cell.IdleAt);
                continue;
            }

            _byIdle.Dequeue();
            _cells.Remove(cell.Key);
            freed++;
        }
    }
}

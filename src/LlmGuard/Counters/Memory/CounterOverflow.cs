namespace LlmGuard.Counters.Memory;

/// <summary>
/// The counters that those share for whom there is no room: one for each limit, so that a full table makes limits stricter, never looser.
/// </summary>
internal sealed class CounterOverflow(CounterMetrics metrics)
{
    // As many as the policy has limits, and never forgotten.
    private readonly Dictionary<CounterLimit, CounterCell> _cells = [];
    private long _latest;

    public Lock Gate { get; } = new();

    public long Clock(long now) => _latest = Math.Max(_latest, now);

    public CounterCell Take(CounterLimit limit)
    {
        metrics.Overflowed();
        if (!_cells.TryGetValue(limit, out var cell))
        {
            _cells.Add(limit, cell = CounterCell.Create(new CellKey(limit, "")));
        }

        return cell;
    }

    public CounterCell? Find(CounterLimit limit) => _cells.GetValueOrDefault(limit);
}

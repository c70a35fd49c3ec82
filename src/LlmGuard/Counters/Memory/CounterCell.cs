namespace LlmGuard.Counters.Memory;

/// <summary>
/// What one limit counts for one subject. Used under its shard's lock; times are ticks of the store's clock, which never goes back.
/// </summary>
internal abstract class CounterCell(CellKey key)
{
    public CellKey Key => key;

    /// <summary>From when on nothing counts any more, so that the cell may be forgotten.</summary>
    public long IdleAt { get; set; }

    /// <summary>How the limit stands if a charge is made, which it is not yet.</summary>
    public abstract CounterState Probe(CounterLimit limit, long cost, long now);

    /// <summary>Makes a charge that passed. Returns the lease it took, or 0.</summary>
    public abstract long Apply(CounterLimit limit, long cost, long now);

    /// <summary>Replaces a charge by what it did cost.</summary>
    public abstract void Settle(in CounterSettlement settlement, long now);

    public static CounterCell Create(CellKey key) => key.Limit.Algorithm switch
    {
        CounterAlgorithm.SlidingWindow => new SlidingCell(key),
        CounterAlgorithm.Gcra => new LevelCell(key),
        CounterAlgorithm.FixedWindow => new FixedCell(key),
        _ => new LeaseCell(key),
    };

    /// <summary>Adds without ever passing what can be counted: who owes more than that owes for good anyway.</summary>
    protected static long Add(long value, long more) => Math.Clamp(value + more, 0, CounterLimit.MaxValue);
}

/// <summary>
/// Whose cell it is. The hash is kept: it also picks the shard. Both parts of it are seeded, so nobody can choose subjects that collide.
/// </summary>
internal readonly struct CellKey(CounterLimit limit, string subject) : IEquatable<CellKey>
{
    private readonly int _hash = (limit.GetHashCode() * 31) + subject.GetHashCode(StringComparison.Ordinal);

    public CounterLimit Limit => limit;

    public string Subject => subject;

    public bool Equals(CellKey other) => _hash == other._hash && subject == other.Subject && limit.Equals(other.Limit);

    public override bool Equals(object? obj) => obj is CellKey other && Equals(other);

    public override int GetHashCode() => _hash;
}

using System.Collections.Concurrent;

namespace LlmGuard.Scanning;

/// <summary>
/// Where plugins bring their rules and get the plan for them: one per distinct set of rules, built when first asked for and once, however many ask at
/// the same time. Safe for concurrent use.
/// </summary>
internal sealed class ScanPlans
{
    /// <summary>Most plans that are kept; the oldest makes room.</summary>
    public const int Capacity = 64;

    private readonly ConcurrentDictionary<Key, Lazy<ScanPlan>> _plans = new();
    private readonly ConcurrentQueue<Key> _order = new();

    /// <summary>The plans of the process.</summary>
    public static ScanPlans Shared { get; } = new();

    /// <summary>How many plans are kept.</summary>
    public int Count => _plans.Count;

    /// <summary>The plan for some rules. The same instance for equal rules, as long as it is kept.</summary>
    /// <param name="rules">The rules, strongest claim first.</param>
    /// <param name="views">In which views of a text they are looked for.</param>
    public ScanPlan Get(IReadOnlyList<ScanRule> rules, ScanViews views = ScanViews.All)
    {
        var key = new Key([.. rules], views);
        var created = new Lazy<ScanPlan>(() => new ScanPlan(key.Rules, views));
        var plan = _plans.GetOrAdd(key, created);
        if (ReferenceEquals(plan, created))
        {
            _order.Enqueue(key);
            while (_plans.Count > Capacity && _order.TryDequeue(out var oldest))
            {
                _plans.TryRemove(oldest, out _);
            }
        }

        return plan.Value;
    }

    /// <summary>Rules in their order, and views.</summary>
    private sealed class Key(ScanRule[] rules, ScanViews views) : IEquatable<Key>
    {
        public ScanRule[] Rules => rules;

        private ScanViews Views => views;

        public bool Equals(Key? other) => other is not null && Views == other.Views && Rules.AsSpan().SequenceEqual(other.Rules);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Views);
            foreach (var rule in Rules)
            {
                hash.Add(rule);
            }

            return hash.ToHashCode();
        }
    }
}

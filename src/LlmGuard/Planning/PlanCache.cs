using System.Collections.Concurrent;

namespace LlmGuard.Planning;

/// <summary>
/// The plans made so far. Groups come from callers' claims, so the number of combinations is theirs to choose: past the capacity plans are still
/// made, and not kept.
/// </summary>
internal sealed class PlanCache
{
    private readonly ConcurrentDictionary<PlanKey, EffectivePlan> _plans = new(new PlanKeyComparer());
    private readonly ConcurrentDictionary<PlanKey, EffectivePlan>.AlternateLookup<PlanKeyView> _byView;
    private readonly int _capacity;
    private int _count;

    public PlanCache(int capacity)
    {
        _capacity = capacity;
        _byView = _plans.GetAlternateLookup<PlanKeyView>();
    }

    public int Count => _plans.Count;

    public bool TryGet(PlanKeyView key, out EffectivePlan? plan) => _byView.TryGetValue(key, out plan);

    public void Keep(PlanKeyView key, EffectivePlan plan)
    {
        if (Interlocked.Increment(ref _count) > _capacity || !_plans.TryAdd(new PlanKey(key), plan))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}

namespace LlmGuard.Plugins.InjectionProtection.Rules;

/// <summary>What the rules found in one reading of a text. The first hits of each rule are kept; more would tell nothing new.</summary>
internal sealed class HitList
{
    /// <summary>Most hits of one text that are kept.</summary>
    public const int Most = 256;

    private readonly List<RuleHit> _hits = [];

    public IReadOnlyList<RuleHit> Hits => _hits;

    /// <summary>Whether hits were left out, so that what is left of a text after their removal may hold more.</summary>
    public bool IsFull => _hits.Count >= Most;

    public void Add(InjectionRule rule, int start, int end)
    {
        if (!IsFull && end > start)
        {
            _hits.Add(new RuleHit(rule, start, end));
        }
    }

    public void Clear() => _hits.Clear();
}

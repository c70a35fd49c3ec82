namespace LlmGuard.Planning.Inheritance;

/// <summary>
/// An entry as it takes effect in one scope. Entries that are identical in plugin, stages, settings and mode are one here: the broadest gives its
/// handle, texts and streaming options, and of everything else the stricter wins: block over allow, the union of the filters, the lower priority,
/// sequential over parallel, and the longer timeout.
/// </summary>
internal sealed class EffectiveEntry(ScopedEntry source)
{
    private readonly List<ScopedEntry> _merged = [];

    public ScopedEntry Source { get; } = source;

    public EntryMode Mode { get; } = source.Entry.Mode;

    public FailurePolicy OnError { get; private set; } = source.Entry.OnError;

    public EntryFilter Filter { get; private set; } = source.Entry.Filter;

    public int Priority { get; private set; } = source.Entry.Priority;

    public bool Parallel { get; private set; } = source.Entry.Parallel;

    public TimeSpan Timeout { get; private set; } = source.Entry.Timeout;

    public bool Cache { get; private set; } = source.Entry.Cache;

    /// <summary>Whether the entry or one that runs as it is locked.</summary>
    public bool Locked { get; private set; } = source.Entry.Locked;

    /// <summary>Narrower entries that are identical and therefore run as this one.</summary>
    public IReadOnlyList<ScopedEntry> Merged => _merged;

    public void Merge(ScopedEntry narrower)
    {
        var entry = narrower.Entry;
        _merged.Add(narrower);
        OnError = OnError == FailurePolicy.Block ? OnError : entry.OnError;
        Filter = Union(Filter, entry.Filter, entry.Metadata);
        Priority = Math.Min(Priority, entry.Priority);
        Parallel &= entry.Parallel;
        Locked |= entry.Locked;
        Cache |= entry.Cache;
        Timeout = Timeout > entry.Timeout ? Timeout : entry.Timeout;
    }

    private static EntryFilter Union(EntryFilter left, EntryFilter right, GuardrailPluginMetadata? plugin) => new()
    {
        Roles = Union(left.Roles, right.Roles),
        Kinds = Union(left.Kinds, right.Kinds),
        Sources = Sources(left.Sources, right.Sources, plugin),
    };

    private static List<SegmentSource> Sources(IReadOnlyList<SegmentSource> left, IReadOnlyList<SegmentSource> right, GuardrailPluginMetadata? plugin)
    {
        var own = EntrySources.Of(plugin, []);
        var union = EntrySources.Of(plugin, left).Union(EntrySources.Of(plugin, right)).ToList();
        return union.Count == own.Count && !union.Except(own).Any() ? [] : union;
    }

    private static IReadOnlyList<T> Union<T>(IReadOnlyList<T> left, IReadOnlyList<T> right) =>
        left.Count == 0 || right.Count == 0 ? [] : [.. left.Union(right)];
}

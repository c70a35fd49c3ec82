namespace LlmGuard.Planning.Inheritance;

/// <summary>Finds the entries that an overriding entry names, in levels it can inherit from.</summary>
internal sealed class EntryIndex
{
    private readonly ILookup<(LevelKind, string), ScopedEntry> _byId;
    private readonly ILookup<(LevelKind, string), ScopedEntry> _byPlugin;

    public EntryIndex(IEnumerable<ScopedEntry> entries)
    {
        var list = entries.ToList();
        _byId = list.Where(e => e.Entry.Id is not null).ToLookup(e => (e.Kind, e.Entry.Id!));
        _byPlugin = list.ToLookup(e => (e.Kind, e.Entry.Plugin));
    }

    /// <summary>The entries named by <paramref name="entry"/> that apply beside it in some scope at some seam, broad levels first.</summary>
    public IEnumerable<ScopedEntry> Inherited(ScopedEntry entry)
    {
        for (var kind = LevelKind.Gateway; kind <= entry.Kind; kind++)
        {
            var named = entry.Entry.Id is { } id ? _byId[(kind, id)] : _byPlugin[(kind, entry.Entry.Plugin)];
            foreach (var candidate in named)
            {
                if (MayMeet(entry, candidate) && entry.SharesSeamWith(candidate))
                {
                    yield return candidate;
                }
            }
        }
    }

    // Of one kind only groups come together in a scope. A rule that names a service meets no other.
    private static bool MayMeet(ScopedEntry entry, ScopedEntry inherited) => entry.Kind == inherited.Kind
        ? entry.Kind == LevelKind.ConsumerGroup && entry.Key.Owner != inherited.Key.Owner
        : entry.Kind != LevelKind.Rule || inherited.Kind != LevelKind.Service || entry.Service is null || entry.Service == inherited.Service;
}

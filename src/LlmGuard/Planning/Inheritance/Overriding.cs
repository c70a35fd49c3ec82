namespace LlmGuard.Planning.Inheritance;

/// <summary>Which inherited entries an entry means to take out of effect.</summary>
internal static class Overriding
{
    /// <summary>Whether the entry is one that overrides: it has an explicit id, or it is switched off and so names a plugin.</summary>
    public static bool IsPossible(ScopedEntry entry) => entry.Entry.Id is not null || !entry.Entry.Enabled;

    /// <summary>Whether the entry names the inherited one, by id or, switched off and without an id, by plugin.</summary>
    public static bool Targets(ScopedEntry entry, ScopedEntry inherited) => entry.Entry.Id is { } id
        ? id == inherited.Entry.Id
        : !entry.Entry.Enabled && entry.Entry.Plugin == inherited.Entry.Plugin;
}

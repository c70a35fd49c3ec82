namespace LlmGuard.Planning.Inheritance;

/// <summary>A narrower entry that took an inherited one out of effect.</summary>
internal sealed record EntryOverride(ScopedEntry Inherited, ScopedEntry By)
{
    /// <summary>Says who did what to whom, and in which ways less is guarded than before.</summary>
    public override string ToString()
    {
        if (!By.Entry.Enabled)
        {
            return $"{By} switches off {Inherited}";
        }

        var weaker = Weakening.Describe(Inherited.Entry, By.Entry);
        return weaker.Count == 0 ? $"{By} replaces {Inherited}" : $"{By} replaces {Inherited}, weakening it: {string.Join(", ", weaker)}";
    }
}

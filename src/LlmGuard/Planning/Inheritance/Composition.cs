using System.Collections.Immutable;

namespace LlmGuard.Planning.Inheritance;

/// <summary>What takes effect in one scope at one seam, and what was overridden on the way.</summary>
internal sealed class Composition
{
    private Composition(ImmutableArray<EffectiveEntry> entries, ImmutableArray<EntryOverride> overrides)
    {
        Entries = entries;
        Overrides = overrides;
    }

    /// <summary>Broad levels first, then in document order.</summary>
    public ImmutableArray<EffectiveEntry> Entries { get; }

    public ImmutableArray<EntryOverride> Overrides { get; }

    /// <summary>
    /// Takes the union of the levels. A narrower entry with the id of an inherited one takes its place, or with <c>enabled: false</c> switches it
    /// off; <c>enabled: false</c> without an id switches off the inherited entries of its plugin. Of several groups the later ones count as narrower.
    /// </summary>
    /// <remarks>
    /// A locked entry stays whatever narrower levels say. Documents that try otherwise are refused at load, except between two groups, which
    /// may never meet in one caller: there a replacement runs beside the locked entry, and switching off does nothing.
    /// </remarks>
    public static Composition Of(IReadOnlyList<ScopedLevel> levels, GuardrailSeam seam, bool lockedOnly)
    {
        var live = new List<ScopedEntry>();
        var overrides = ImmutableArray.CreateBuilder<EntryOverride>();
        foreach (var level in levels)
        {
            var own = level.Entries.Where(e => e.AppliesTo(seam)).ToList();
            foreach (var entry in own)
            {
                for (var i = live.Count - 1; i >= 0; i--)
                {
                    if (Overriding.Targets(entry, live[i]) && !live[i].Entry.Locked)
                    {
                        overrides.Add(new EntryOverride(live[i], entry));
                        live.RemoveAt(i);
                    }
                }
            }

            live.AddRange(own.Where(e => e.Entry.Enabled));
        }

        if (lockedOnly)
        {
            live.RemoveAll(static e => !e.Entry.Locked);
        }

        return new Composition(MergeIdentical(live), overrides.DrainToImmutable());
    }

    private static ImmutableArray<EffectiveEntry> MergeIdentical(List<ScopedEntry> live)
    {
        var entries = ImmutableArray.CreateBuilder<EffectiveEntry>(live.Count);
        var byIdentity = new Dictionary<EntryIdentity, EffectiveEntry>();
        foreach (var entry in live)
        {
            if (byIdentity.TryGetValue(entry.Identity, out var broader))
            {
                broader.Merge(entry);
                continue;
            }

            var effective = new EffectiveEntry(entry);
            byIdentity.Add(entry.Identity, effective);
            entries.Add(effective);
        }

        return entries.DrainToImmutable();
    }
}

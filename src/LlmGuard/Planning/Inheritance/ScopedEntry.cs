using System.Collections.Immutable;
using LlmGuard.Policy;

namespace LlmGuard.Planning.Inheritance;

/// <summary>An entry together with the level that declares it. Made once per revision.</summary>
internal sealed class ScopedEntry
{
    public required PolicyEntry Entry { get; init; }

    public required LevelKind Kind { get; init; }

    /// <summary>The service a rule forwards to, or the service's own id; null elsewhere.</summary>
    public string? Service { get; init; }

    public required GuardrailEntry Key { get; init; }

    /// <summary>The evaluator's hold-back in bytes; null when it needs text as a whole.</summary>
    public int? HoldBack { get; init; }

    public EntryIdentity Identity { get; private init; }

    public static ScopedEntry Create(PolicyEntry entry, LevelKind kind, string? service, GuardrailEntry key, int? holdBack) => new()
    {
        Entry = entry,
        Kind = kind,
        Service = service,
        Key = key,
        HoldBack = holdBack,
        Identity = EntryIdentity.Of(entry),
    };

    /// <summary>Whether the entry takes part in a seam. Elsewhere it is as if it were not there: it neither runs nor overrides.</summary>
    public bool AppliesTo(GuardrailSeam seam) => Entry.Seams.IsEmpty || Entry.Seams.Contains(seam);

    /// <summary>Whether some seam belongs to both.</summary>
    public bool SharesSeamWith(ScopedEntry other) => Entry.Seams.IsEmpty || other.Entry.Seams.IsEmpty || Entry.Seams.Any(other.Entry.Seams.Contains);

    /// <summary>Names the entry by its handle and its place in the document.</summary>
    public override string ToString() => $"'{Key.Id}' at {Entry.Path}";
}

/// <summary>
/// Entries with equal identities run once. One that monitors never runs as one that enforces: what it sees, and how, must change nothing.
/// </summary>
internal readonly record struct EntryIdentity(string Plugin, int Stages, string Settings, EntryMode Mode)
{
    public static EntryIdentity Of(PolicyEntry entry) => new(entry.Plugin, Mask(entry.Stages), entry.Settings, entry.Mode);

    private static int Mask(ImmutableArray<GuardrailStage> stages)
    {
        var mask = 0;
        foreach (var stage in stages)
        {
            mask |= 1 << (int)stage;
        }

        return mask;
    }
}

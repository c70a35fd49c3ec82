namespace LlmGuard.Planning.Inheritance;

/// <summary>
/// Compares every overriding entry with the entries it may inherit in some scope: locked ones make a problem, others a warning that names what is
/// replaced, switched off or weakened.
/// </summary>
internal sealed class OverrideCheck
{
    private readonly EntryIndex _all;
    private readonly EntryIndex _locked;
    private readonly ICollection<SettingsProblem> _problems;
    private readonly WarningList _warnings;

    private OverrideCheck(IReadOnlyList<ScopedEntry> entries, ICollection<SettingsProblem> problems, WarningList warnings)
    {
        var enabled = entries.Where(e => e.Entry.Enabled).ToList();
        _all = new EntryIndex(enabled);
        _locked = new EntryIndex(enabled.Where(e => e.Entry.Locked));
        _problems = problems;
        _warnings = warnings;
    }

    public static void Run(IReadOnlyList<ScopedEntry> entries, ICollection<SettingsProblem> problems, WarningList warnings)
    {
        var check = new OverrideCheck(entries, problems, warnings);
        foreach (var entry in entries.Where(Overriding.IsPossible))
        {
            check.Visit(entry);
        }
    }

    private void Visit(ScopedEntry entry)
    {
        var locked = _locked.Inherited(entry).FirstOrDefault();
        if (locked is { Kind: LevelKind.ConsumerGroup } && entry.Kind == LevelKind.ConsumerGroup)
        {
            _warnings.Add($"{entry} cannot touch {locked}, which is locked: for a caller in both groups the locked entry runs.");
        }
        else if (locked is not null && (entry.Entry.Id is not null || _all.Inherited(entry).All(e => e.Entry.Locked)))
        {
            // Switching off a plugin by name leaves its locked entries alone; it is refused only when there is nothing else to switch off.
            _problems.Add(new SettingsProblem(
                entry.Entry.Path,
                $"the entry overrides {locked}, which is locked; use another id, or remove the entry"));
            return;
        }

        if (_warnings.IsFull)
        {
            return;
        }

        foreach (var inherited in _all.Inherited(entry).Where(e => !e.Entry.Locked).TakeWhile(_ => !_warnings.IsFull))
        {
            _warnings.Add($"{new EntryOverride(inherited, entry)}.");
        }
    }
}

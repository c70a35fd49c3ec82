using System.Collections.Immutable;
using LlmGuard.Policy;

namespace LlmGuard.Planning.Inheritance;

/// <summary>
/// Gives the entries of a document their handles: the explicit id, or <c>level/owner/name</c>, with <c>#2</c> and so on for repeats.
/// </summary>
internal sealed class LevelIndexer(ICollection<SettingsProblem> problems)
{
    private readonly Dictionary<(LevelKind, string), int> _repeats = [];

    /// <param name="level">The level.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="service">The service it belongs to, or null.</param>
    /// <param name="owner">What tells it from others of its kind when its name does not, or null.</param>
    public ScopedLevel Index(PolicyLevel level, LevelKind kind, string? service = null, string? owner = null)
    {
        var entries = ImmutableArray.CreateBuilder<ScopedEntry>(level.Entries.Length);
        var ids = new Dictionary<string, PolicyEntry>(StringComparer.Ordinal);
        foreach (var entry in level.Entries)
        {
            if (entry.Id is { } id && !ids.TryAdd(id, entry))
            {
                problems.Add(new SettingsProblem(entry.Path, $"the id '{id}' is already used at {ids[id].Path}; an id names one entry of a level"));
            }

            if (entry.Enabled && (entry.Evaluator is null || entry.Metadata is null || entry.Stages.IsEmpty))
            {
                problems.Add(new SettingsProblem(
                    entry.Path, $"the entry of '{entry.Plugin}' is enabled and cannot run: it has no evaluator or no stage"));
                continue;
            }

            var key = new GuardrailEntry(Name(kind), owner ?? level.Name, entry.Id ?? Handle(level, kind, entry), entry.Plugin);
            entries.Add(ScopedEntry.Create(entry, kind, service, key, HoldBack(entry)));
        }

        return new ScopedLevel(level, kind, entries.DrainToImmutable());
    }

    private static string Name(LevelKind kind) => kind switch
    {
        LevelKind.Gateway => "gateway",
        LevelKind.Service => "service",
        LevelKind.Rule => "rule",
        LevelKind.ConsumerGroup => "consumer_group",
        _ => "consumer",
    };

    // Counted over all levels of one kind and name: two rules may share a path and differ in their methods.
    private string Handle(PolicyLevel level, LevelKind kind, PolicyEntry entry)
    {
        var handle = $"{Name(kind)}/{level.Name}/{entry.Plugin}";
        var count = _repeats[(kind, handle)] = _repeats.GetValueOrDefault((kind, handle)) + 1;
        return count == 1 ? handle : $"{handle}#{count}";
    }

    private int? HoldBack(PolicyEntry entry)
    {
        if (!entry.Enabled || entry.Metadata!.Streaming == GuardrailStreaming.None)
        {
            return 0;
        }

        if (entry.Metadata.Streaming == GuardrailStreaming.WholeText
            || entry.Streaming.Mode is "head" or "buffer"
            || entry.Evaluator is not ISpanEvaluator spans)
        {
            return null;
        }

        try
        {
            return spans.Reach.HoldBack;
        }
        catch (Exception exception)
        {
            // A plugin's own code: what it throws refuses the document instead of stopping the host.
            problems.Add(new SettingsProblem(entry.Path, $"the evaluator of '{entry.Plugin}' cannot state its reach ({exception.GetType().Name})"));
            return null;
        }
    }
}

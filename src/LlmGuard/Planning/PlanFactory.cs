using System.Collections.Immutable;
using LlmGuard.Caching;
using LlmGuard.Planning.Inheritance;

namespace LlmGuard.Planning;

/// <summary>Puts the entries of a composition into the order in which they run.</summary>
internal static class PlanFactory
{
    public static StagePlan Stage(ImmutableArray<PlanEntry> entries, Composition composition, GuardrailStage stage)
    {
        var sequential = ImmutableArray.CreateBuilder<PlanEntry>();
        var parallel = ImmutableArray.CreateBuilder<PlanEntry>();
        var monitor = ImmutableArray.CreateBuilder<PlanEntry>();
        for (var i = 0; i < entries.Length; i++)
        {
            if (composition.Entries[i].Source.Entry.Stages.Contains(stage))
            {
                var list = entries[i].Mode == EntryMode.Monitor ? monitor : entries[i].Parallel ? parallel : sequential;
                list.Add(entries[i]);
            }
        }

        if (sequential.Count + parallel.Count + monitor.Count == 0)
        {
            return StagePlan.Empty;
        }

        sequential.Sort(Compare);
        monitor.Sort(Compare);
        return new StagePlan(sequential.DrainToImmutable(), parallel.DrainToImmutable(), monitor.DrainToImmutable());
    }

    /// <summary>One plan entry per effective entry, in the same order; <see cref="PlanEntry.Order"/> is that order.</summary>
    public static ImmutableArray<PlanEntry> Entries(Composition composition) => [.. composition.Entries.Select((e, order) => new PlanEntry
    {
        Key = e.Source.Key,
        Plugin = e.Source.Entry.Metadata!,
        Evaluator = e.Source.Entry.Evaluator!,
        Mode = e.Mode,
        Locked = e.Locked,
        Parallel = e.Parallel,
        Priority = e.Priority,
        OnError = e.OnError,
        Timeout = e.Timeout,
        Filter = e.Filter,
        Message = e.Source.Entry.Message,
        StatusCode = e.Source.Entry.StatusCode,
        Streaming = e.Source.Entry.Streaming,
        CacheKeys = e.Cache ? EvaluatorKeys.Of(e.Source.Entry.Evaluator!) : null,
        Order = order,
    })];

    // Parallel entries have no priority: they follow the sequential ones, by level and document order.
    private static int Compare(PlanEntry left, PlanEntry right)
    {
        var byKind = left.Parallel.CompareTo(right.Parallel);
        var byPriority = left.Parallel || right.Parallel ? 0 : left.Priority.CompareTo(right.Priority);
        return byKind != 0 ? byKind : byPriority != 0 ? byPriority : left.Order.CompareTo(right.Order);
    }
}

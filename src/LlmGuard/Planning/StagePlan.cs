using System.Collections.Immutable;

namespace LlmGuard.Planning;

/// <summary>What runs at one stage, in the order in which it runs.</summary>
internal sealed class StagePlan
{
    public static StagePlan Empty { get; } = new([], [], []);

    public StagePlan(ImmutableArray<PlanEntry> sequential, ImmutableArray<PlanEntry> parallel, ImmutableArray<PlanEntry> monitor)
    {
        Sequential = sequential;
        Parallel = parallel;
        Monitor = monitor;
        EnforcedNeeds = Union(sequential) | Union(parallel);
        Needs = EnforcedNeeds | Union(monitor);
        Caches = sequential.Any(static e => e.CacheKeys is not null) || parallel.Any(static e => e.CacheKeys is not null);
        IsInline = !sequential.IsEmpty && parallel.IsEmpty && monitor.IsEmpty && !Caches && sequential.All(static e => e.Plugin.RunsInline);
        LendsCalls = IsInline && sequential.All(static e => e.IsLentCalls);
    }

    /// <summary>Enforcing entries that run one after the other, by priority, then order.</summary>
    public ImmutableArray<PlanEntry> Sequential { get; }

    /// <summary>Enforcing entries that run at once, after all sequential ones, on what those left; in plan order.</summary>
    public ImmutableArray<PlanEntry> Parallel { get; }

    /// <summary>Monitoring entries; they see what the enforcing ones left, off the request path.</summary>
    public ImmutableArray<PlanEntry> Monitor { get; }

    /// <summary>What any entry reads.</summary>
    public GuardrailNeeds Needs { get; }

    /// <summary>What the enforcing entries read: only for these is unreadable content refused.</summary>
    public GuardrailNeeds EnforcedNeeds { get; }

    /// <summary>Whether an enforcing entry remembers clean texts.</summary>
    public bool Caches { get; }

    /// <summary>Whether entries judge the stage inline, one after the other, each of them all of what it reads, and nothing else does.</summary>
    public bool IsInline { get; }

    /// <summary>Whether, besides, one call can be lent to all of these entries.</summary>
    public bool LendsCalls { get; }

    public bool IsEmpty => Sequential.IsEmpty && Parallel.IsEmpty && Monitor.IsEmpty;

    private static GuardrailNeeds Union(ImmutableArray<PlanEntry> entries)
    {
        var needs = GuardrailNeeds.None;
        foreach (var entry in entries)
        {
            needs |= entry.Needs;
        }

        return needs;
    }
}

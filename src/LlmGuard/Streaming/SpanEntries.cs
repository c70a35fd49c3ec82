using System.Collections.Immutable;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>Entries made of rules of finite reach between which nothing else runs. Immutable.</summary>
/// <param name="plan">The entries.</param>
/// <param name="asksOnly">Whether judges of whole text rewrite beside them, so that their edits are asked for, not carried out.</param>
internal sealed class SpanEntries(StagePlan plan, bool asksOnly = false)
{
    public bool AsksOnly => asksOnly;

    public StagePlan Plan => plan;

    /// <summary>The entries as text passes them: one after the other, then the parallel ones at once.</summary>
    public ImmutableArray<ImmutableArray<PlanEntry>> Steps { get; } =
        [.. plan.Sequential.Select(static e => ImmutableArray.Create(e)), .. plan.Parallel.IsEmpty
            ? []
            : (ImmutableArray<PlanEntry>[])[plan.Parallel]];
}

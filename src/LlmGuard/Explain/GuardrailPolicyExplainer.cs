using LlmGuard.Execution.Edits;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Planning.Inheritance;
using LlmGuard.Streaming;

namespace LlmGuard.Explain;

/// <summary>Explains the plans of the policy in force.</summary>
internal sealed class GuardrailPolicyExplainer(IScopeTableSource source) : IGuardrailPolicyExplainer
{
    private static readonly GuardrailStage[] Stages = Enum.GetValues<GuardrailStage>();

    public GuardrailPlanExplanation Explain(GuardrailPlanQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var table = source.Current;
        var (resolution, composition) = table.Inspect(new ScopeQuery
        {
            Seam = query.Seam,
            Service = query.Service,
            Method = query.Path is null ? null : query.Method.ToUpperInvariant(),
            RawPath = query.Path,
            Caller = query.Caller,
        });
        var plan = resolution.Plan!;
        return new GuardrailPlanExplanation
        {
            Revision = plan.Revision,
            Scope = plan.Scope,
            IsAmbiguousPath = resolution.IsAmbiguousPath,
            IsUnidentifiedRefused = resolution.IsUnidentifiedRefused,
            Stages = [.. Stages.Select(s => new GuardrailStageExplanation(s, [.. InOrder(plan[s]).Select(e => Describe(e, composition))]))],
            Overrides = [.. composition.Overrides.Select(o => o.ToString())],
            Limits = Limits(plan.Limits),
            Uninspected =
                [.. Enum.GetValues<UninspectedKind>().Select(k => KeyValuePair.Create(PolicyNames.Of(k), PolicyNames.Of(plan.Uninspected.For(k))))],
            DenyWith = plan.DenyWithCompletion ? "completion" : "error",
            Dialect = plan.Dialect,
            WhyStreamsAreHeld = plan.Streaming.WhyHeld,
            HoldBackBytes = HoldBack(plan[GuardrailStage.PreResponse], composition) + (plan.Restores ? RestoreScan.HoldBack : 0),
            Notes = table.Document.Notes,
        };
    }

    private static IEnumerable<PlanEntry> InOrder(StagePlan stage) => stage.Sequential.Concat(stage.Parallel).Concat(stage.Monitor);

    private static GuardrailEntryExplanation Describe(PlanEntry entry, Composition composition)
    {
        var effective = composition.Entries[entry.Order];
        return new GuardrailEntryExplanation
        {
            Entry = entry.Key,
            DocumentPath = effective.Source.Entry.Path,
            Priority = entry.Priority,
            IsParallel = entry.Parallel,
            IsMonitor = entry.Mode == EntryMode.Monitor,
            IsLocked = entry.Locked,
            OnError = entry.OnError,
            Timeout = entry.Timeout,
            Roles = entry.Filter.Roles,
            Kinds = entry.Filter.Kinds,
            Sources = entry.Filter.Sources,
            HoldBackBytes = effective.Source.HoldBack,
            StreamingMode = StreamPlan.ModeOf(entry),
            Replaced = [.. composition.Overrides.Where(o => o.By == effective.Source || effective.Merged.Contains(o.By)).Select(o => o.ToString())],
            RunsFor = [.. effective.Merged.Select(m => m.ToString())],
        };
    }

    // Sequential entries chain, each on what the one before released; parallel ones read the same text, so that the longest counts, and what one of
    // them edits goes on whole: a match, or a union of several.
    private static int? HoldBack(StagePlan stage, Composition composition)
    {
        var total = 0;
        var longest = 0;
        var rewriting = 0;
        foreach (var entry in stage.Sequential.Concat(stage.Parallel))
        {
            if (composition.Entries[entry.Order].Source.HoldBack is not { } own)
            {
                return null;
            }

            // What is found waits until it is known whether it lies in a placeholder.
            own = entry.Evaluator is IReversibleEvaluator { Reversible: not null } ? Math.Max(own, Placeholder.MaxLength) : own;
            total += entry.Parallel ? 0 : own;
            longest = entry.Parallel ? Math.Max(longest, own) : longest;
            rewriting += entry.Parallel && entry.Plugin.Rewrites ? 1 : 0;
        }

        var edited = stage.Parallel.Length < 2 || rewriting == 0 ? 0 : rewriting == 1 ? longest : Math.Max(longest, EditMerge.LongestUnion);
        return total + longest + edited;
    }

    private static IReadOnlyList<KeyValuePair<string, long>> Limits(PlanLimits limits) =>
    [
        new("max_body_bytes", limits.MaxBodyBytes),
        new("max_depth", limits.MaxDepth),
        new("max_segments", limits.MaxSegments),
        new("max_findings", limits.MaxFindings),
        new("max_inflate_ratio", limits.MaxInflateRatio),
        new("max_held_bytes", limits.MaxHeldBytes),
    ];
}

using System.Collections.Immutable;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>How the enforcing entries of <see cref="GuardrailStage.PreResponse"/> judge an answer that arrives in pieces. Immutable.</summary>
/// <remarks>
/// The order of entries is law: what each sees must not depend on how the answer arrives. So text flows through steps, each of entries of finite
/// reach and judges of whole text behind them. Where both rewrite side by side their step carries out what they ask for together.
/// </remarks>
internal sealed class StreamPlan
{
    private StreamPlan(StagePlan stage)
    {
        Head = Only(stage, static e => !EntryContent.ReadsBody(e));
        var row = new StreamSteps();
        foreach (var entry in stage.Sequential.Where(EntryContent.ReadsBody))
        {
            row.Add(entry, IsSpan(entry));
        }

        row.AddParallel([.. stage.Parallel.Where(IsSpan)], [.. stage.Parallel.Where(IsJudge)]);
        Steps = row.ToSteps();
        var entries = stage.Sequential.AddRange(stage.Parallel);
        HeadMax = HeadMaxOf([.. entries.Where(static e => IsSpan(e) && MayBlock((ISpanEvaluator)e.Evaluator))]);
        WhyHeld = entries.Any(static e => EntryContent.ReadsBody(e) && e.Streaming.Mode == "buffer") ? "an entry asks for it"
            : entries.Any(static e => IsJudge(e) && (e.Needs & GuardrailNeeds.Headers) != 0) ? "an entry that judges whole text reads headers too"
            : null;
    }

    /// <summary>Entries that read nothing of the body: they decide before the first byte.</summary>
    public StagePlan Head { get; }

    /// <summary>What text passes, one step after the other; at least one.</summary>
    public ImmutableArray<StreamStep> Steps { get; }

    /// <summary>How long the status line waits for text that entries of finite reach let pass; null when none of them may block.</summary>
    public TimeSpan? HeadMax { get; }

    /// <summary>Why a stream is held whole, or null when it is not.</summary>
    public string? WhyHeld { get; }

    public static StreamPlan Of(StagePlan stage) => new(stage);

    /// <summary>The mode of an entry, as <c>explain</c> names it.</summary>
    public static string ModeOf(PlanEntry entry) =>
        !EntryContent.ReadsBody(entry) ? "none" : entry.Streaming.Mode ?? (IsSpan(entry) ? "incremental" : "head");

    /// <summary>Whether an evaluator's rules may block an answer.</summary>
    public static bool MayBlock(ISpanEvaluator evaluator)
    {
        try
        {
            return evaluator.MayBlock;
        }
        catch (Exception)
        {
            // A plugin that cannot say whether it blocks may.
            return true;
        }
    }

    private static bool IsSpan(PlanEntry entry) =>
        EntryContent.ReadsBody(entry) && entry.Plugin.Streaming == GuardrailStreaming.Span && entry.Evaluator is ISpanEvaluator;

    private static bool IsJudge(PlanEntry entry) => EntryContent.ReadsBody(entry) && !IsSpan(entry);

    /// <summary>Where there are judges of whole text the status line waits no longer than for them.</summary>
    private TimeSpan? HeadMaxOf(PlanEntry[] blocking)
    {
        if (blocking.Length == 0)
        {
            return null;
        }

        var ofSpans = TimeSpan.FromMilliseconds(blocking.Max(static e => e.Streaming.HeadMaxMs));
        return Steps.Max(static step => step.Cadence?.HeadMax) is { } ofJudges && ofJudges < ofSpans ? ofJudges : ofSpans;
    }

    private static StagePlan Only(StagePlan stage, Predicate<PlanEntry> which) =>
        new(stage.Sequential.RemoveAll(e => !which(e)), stage.Parallel.RemoveAll(e => !which(e)), []);
}

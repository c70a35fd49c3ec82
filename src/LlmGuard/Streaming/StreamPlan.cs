using System.Collections.Immutable;
using LlmGuard.Execution;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>How the enforcing entries of <see cref="GuardrailStage.PreResponse"/> judge an answer that arrives in pieces. Immutable.</summary>
internal sealed class StreamPlan
{
    private StreamPlan(StagePlan stage)
    {
        var entries = stage.Sequential.Concat(stage.Parallel).ToArray();
        Head = Only(stage, static e => !EntryContent.ReadsBody(e));
        Spans = Only(stage, IsSpan);
        Judges = Only(stage, IsJudge);
        Steps = [.. Spans.Sequential.Select(static e => ImmutableArray.Create(e)), .. Spans.Parallel.IsEmpty ? [] : (ImmutableArray<PlanEntry>[])[Spans.Parallel]];
        var judges = Judges.Sequential.AddRange(Judges.Parallel);
        Cadence = judges.IsEmpty ? null : StreamCadence.Of(judges);
        WhyHeld = entries.Any(static e => EntryContent.ReadsBody(e) && e.Streaming.Mode == "buffer") ? "an entry asks for it"
            : judges.Any(static e => (e.Needs & GuardrailNeeds.Headers) != 0) ? "an entry that judges whole text reads headers too"
            : HasSpanAfterJudge(entries) ? "an entry with rules of finite reach runs after one that judges whole text"
            : null;
    }

    /// <summary>Entries that read nothing of the body: they decide before the first byte.</summary>
    public StagePlan Head { get; }

    /// <summary>Entries made of rules of finite reach.</summary>
    public StagePlan Spans { get; }

    /// <summary>Entries that judge text as a whole; they see what the others left.</summary>
    public StagePlan Judges { get; }

    /// <summary>The span entries as text passes them: one after the other, then the parallel ones at once.</summary>
    public ImmutableArray<ImmutableArray<PlanEntry>> Steps { get; }

    /// <summary>When the judges are asked; null when there are none.</summary>
    public StreamCadence? Cadence { get; }

    /// <summary>Why a stream is held whole, or null when it is not.</summary>
    public string? WhyHeld { get; }

    public static StreamPlan Of(StagePlan stage) => new(stage);

    /// <summary>The mode of an entry, as <c>explain</c> names it.</summary>
    public static string ModeOf(PlanEntry entry) => !EntryContent.ReadsBody(entry) ? "none" : entry.Streaming.Mode ?? (IsSpan(entry) ? "incremental" : "head");

    // The order of entries is law: what a judge sees must not depend on how the answer arrives.
    private static bool HasSpanAfterJudge(PlanEntry[] entries)
    {
        var judge = Array.FindIndex(entries, IsJudge);
        return judge >= 0 && Array.FindIndex(entries, judge, IsSpan) >= 0;
    }

    private static bool IsSpan(PlanEntry entry) =>
        EntryContent.ReadsBody(entry) && entry.Plugin.Streaming == GuardrailStreaming.Span && entry.Evaluator is ISpanEvaluator;

    private static bool IsJudge(PlanEntry entry) => EntryContent.ReadsBody(entry) && !IsSpan(entry);

    private static StagePlan Only(StagePlan stage, Predicate<PlanEntry> which) =>
        new(stage.Sequential.RemoveAll(e => !which(e)), stage.Parallel.RemoveAll(e => !which(e)), []);
}

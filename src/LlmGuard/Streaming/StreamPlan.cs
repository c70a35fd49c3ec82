using LlmGuard.Execution;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>How the enforcing entries of <see cref="GuardrailStage.PreResponse"/> judge an answer that arrives in pieces. Immutable.</summary>
/// <remarks>
/// The order of entries is law: what each sees must not depend on how the answer arrives. So text flows through those of finite reach, the judges
/// of whole text, and those of finite reach behind them; an order that fits no such row holds the answer whole.
/// </remarks>
internal sealed class StreamPlan
{
    private StreamPlan(StagePlan stage)
    {
        var entries = stage.Sequential.Concat(stage.Parallel).ToArray();
        Head = Only(stage, static e => !EntryContent.ReadsBody(e));
        var (first, last) = (Array.FindIndex(entries, IsJudge), Array.FindLastIndex(entries, IsJudge));
        var before = (first < 0 ? entries : entries[..first]).Where(IsSpan).ToHashSet();
        var after = entries[(last + 1)..].Where(e => first >= 0 && IsSpan(e)).ToHashSet();
        Spans = new SpanEntries(Only(stage, before.Contains));
        LastSpans = after.Count > 0 ? new SpanEntries(Only(stage, after.Contains)) : null;
        Judges = Only(stage, IsJudge);
        var judges = Judges.Sequential.AddRange(Judges.Parallel);
        Cadence = judges.IsEmpty ? null : StreamCadence.Of(judges);
        WhyHeld = entries.Any(static e => EntryContent.ReadsBody(e) && e.Streaming.Mode == "buffer") ? "an entry asks for it"
            : judges.Any(static e => (e.Needs & GuardrailNeeds.Headers) != 0) ? "an entry that judges whole text reads headers too"
            : judges.Length > 1 && entries[first..last].Any(IsSpan) ? "an entry with rules of finite reach runs between two that judge whole text"
            : stage.Parallel.Any(after.Contains) && stage.Parallel.Any(IsJudge) ? "an entry with rules of finite reach runs beside one that judges whole text"
            : null;
    }

    /// <summary>Entries that read nothing of the body: they decide before the first byte.</summary>
    public StagePlan Head { get; }

    /// <summary>Entries made of rules of finite reach, before any that judges whole text.</summary>
    public SpanEntries Spans { get; }

    /// <summary>Those behind the judges of whole text, which see what the judges left; null when there are none.</summary>
    public SpanEntries? LastSpans { get; }

    /// <summary>Entries that judge text as a whole; they see what <see cref="Spans"/> left.</summary>
    public StagePlan Judges { get; }

    /// <summary>When the judges are asked; null when there are none.</summary>
    public StreamCadence? Cadence { get; }

    /// <summary>Why a stream is held whole, or null when it is not.</summary>
    public string? WhyHeld { get; }

    public static StreamPlan Of(StagePlan stage) => new(stage);

    /// <summary>The mode of an entry, as <c>explain</c> names it.</summary>
    public static string ModeOf(PlanEntry entry) => !EntryContent.ReadsBody(entry) ? "none" : entry.Streaming.Mode ?? (IsSpan(entry) ? "incremental" : "head");

    private static bool IsSpan(PlanEntry entry) =>
        EntryContent.ReadsBody(entry) && entry.Plugin.Streaming == GuardrailStreaming.Span && entry.Evaluator is ISpanEvaluator;

    private static bool IsJudge(PlanEntry entry) => EntryContent.ReadsBody(entry) && !IsSpan(entry);

    private static StagePlan Only(StagePlan stage, Predicate<PlanEntry> which) =>
        new(stage.Sequential.RemoveAll(e => !which(e)), stage.Parallel.RemoveAll(e => !which(e)), []);
}

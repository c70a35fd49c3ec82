using System.Collections.Immutable;
using LlmGuard.Planning;

namespace LlmGuard.Streaming;

/// <summary>
/// One step of an answer's way out: entries of finite reach, then judges of whole text, who see what those left. Either may be missing.
/// </summary>
/// <param name="Spans">The entries of finite reach.</param>
/// <param name="Judges">The judges.</param>
internal sealed record StreamStep(SpanEntries Spans, StagePlan Judges)
{
    /// <summary>When the judges are asked; null when there are none.</summary>
    public StreamCadence? Cadence { get; } =
        Judges.Sequential.IsEmpty && Judges.Parallel.IsEmpty ? null : StreamCadence.Of(Judges.Sequential.AddRange(Judges.Parallel));
}

/// <summary>Puts entries in a row of steps, in the order in which they run.</summary>
internal sealed class StreamSteps
{
    private readonly List<StreamStep> _steps = [];
    private readonly List<PlanEntry> _spans = [];
    private readonly List<PlanEntry> _judges = [];
    private ImmutableArray<PlanEntry> _parallelSpans = [];
    private ImmutableArray<PlanEntry> _parallelJudges = [];

    public void Add(PlanEntry entry, bool isSpan)
    {
        if (isSpan && _judges.Count > 0)
        {
            Close();
        }

        (isSpan ? _spans : _judges).Add(entry);
    }

    /// <summary>
    /// Adds the entries that run at once behind all others. They see the same text, which is no matter of order where only one of the two kinds
    /// rewrites; where both do, what they ask for is carried out together.
    /// </summary>
    public void AddParallel(ImmutableArray<PlanEntry> spans, ImmutableArray<PlanEntry> judges)
    {
        if (!judges.Any(static j => j.Plugin.Rewrites))
        {
            _parallelJudges = judges;
            AddParallelSpans(spans);
        }
        else if (!spans.Any(static s => s.Plugin.Rewrites))
        {
            AddParallelSpans(spans);
            _parallelJudges = judges;
        }
        else
        {
            CloseIfAny();
            _steps.Add(new StreamStep(new SpanEntries(new StagePlan([], spans, []), asksOnly: true), new StagePlan([], judges, [])));
        }
    }

    public ImmutableArray<StreamStep> ToSteps()
    {
        CloseIfAny();
        return _steps.Count > 0 ? [.. _steps] : [new StreamStep(new SpanEntries(StagePlan.Empty), StagePlan.Empty)];
    }

    private void AddParallelSpans(ImmutableArray<PlanEntry> spans)
    {
        if (!spans.IsEmpty && (_judges.Count > 0 || !_parallelJudges.IsEmpty))
        {
            Close();
        }

        _parallelSpans = spans;
    }

    private void CloseIfAny()
    {
        if (_spans.Count + _judges.Count + _parallelSpans.Length + _parallelJudges.Length > 0)
        {
            Close();
        }
    }

    private void Close()
    {
        _steps.Add(new StreamStep(new SpanEntries(new StagePlan([.. _spans], _parallelSpans, [])), new StagePlan([.. _judges], _parallelJudges, [])));
        _spans.Clear();
        _judges.Clear();
        (_parallelSpans, _parallelJudges) = ([], []);
    }
}

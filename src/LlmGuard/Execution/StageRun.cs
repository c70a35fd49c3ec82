using System.Collections.Immutable;
using LlmGuard.Caching;
using LlmGuard.Execution.Edits;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Planning;

namespace LlmGuard.Execution;

/// <summary>Runs the enforcing entries of one stage: those in sequence, each on what the one before left, then the parallel ones at once.</summary>
internal sealed class StageRun
{
    /// <summary>Something was to be masked so that it can be restored, and is masked for good.</summary>
    private static readonly GuardrailFinding Irreversible = new("reversible_masking", "irreversible", Severity: FindingSeverity.Low);

    private readonly GuardedCallCore _call;
    private readonly StagePlan _plan;
    private readonly GuardrailStage _stage;
    private readonly EditComposition _edits;
    private readonly CancellationToken _cancellation;
    private Conclusion[] _conclusions;
    private int _concluded;
    private SegmentHashes? _hashes;
    private long _clock;

    /// <summary>Prepares a run.</summary>
    /// <param name="call">The call.</param>
    /// <param name="plan">What runs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="content">The content the stage begins with.</param>
    /// <param name="cancellation">The caller's cancellation.</param>
    public StageRun(GuardedCallCore call, StagePlan plan, GuardrailStage stage, GuardrailContent content, CancellationToken cancellation)
    {
        _call = call;
        _plan = plan;
        _stage = stage;
        _edits = new EditComposition(content);
        _cancellation = cancellation;
        _conclusions = new Conclusion[plan.Sequential.Length + plan.Parallel.Length];
    }

    /// <summary>Whether entries that read the body are left out, because it was not read to its end.</summary>
    public bool IsWithoutBody { get; init; }

    /// <summary>Whether the edits of parallel entries are asked for, not carried out: others run beside them that this run does not know.</summary>
    public bool AsksOnly { get; init; }

    /// <summary>How far the entries have run before this run begins; null for not at all.</summary>
    public QuietPassEnd? Begun { get; init; }

    public EditComposition Edits => _edits;

    /// <summary>The edits that are asked for.</summary>
    public IEnumerable<AskedEdit> Asked => Conclusions.SelectMany(c => EditsOf(c).Select(edit => new AskedEdit(c.Entry, edit)));

    /// <summary>What the entries that ran concluded, in plan order.</summary>
    // All of them ran, nearly always, and then the array is as long as it has to be.
    public Conclusion[] Conclusions => _concluded == _conclusions.Length ? _conclusions : _conclusions = _conclusions[.._concluded];

    /// <summary>Nothing can be refused any more: every entry runs, but none that reads content after a mask has failed.</summary>
    private bool IsAfterwards => _stage == GuardrailStage.PostResponse;

    private StageContent Content => new(_stage, _edits.Current, _edits.Edits, IsAfterwards, _hashes);

    /// <summary>Runs the entries.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask RunAsync()
    {
        using var hashes = _plan.Caches ? _call.Services.Clean.NewHashes(_call.Caller) : null;
        _hashes = hashes;
        var isWithheld = false;
        for (var i = TakePassed(); i < _plan.Sequential.Length; i++)
        {
            var entry = _plan.Sequential[i];
            if (IsLeftOut(entry, isWithheld))
            {
                continue;
            }

            var evaluation = Begun is { Call: not null } && Begun.Index == i ? GoOn(entry, Begun) : Start(entry);
            var conclusion = evaluation.IsCompletedSuccessfully
                ? evaluation.GetAwaiter().GetResult()
                : await evaluation.AsTask().WaitAsync(_cancellation).ConfigureAwait(false);
            _cancellation.ThrowIfCancellationRequested();
            conclusion.EditsBefore = _edits.Edits;
            _conclusions[_concluded++] = conclusion;
            if (IsAfterwards)
            {
                isWithheld |= IsFailedMask(conclusion);
            }
            else if (Ranking.Of(conclusion, _stage) >= DecisionRank.Availability)
            {
                // What a failed mask left may not be shown to the entries after it, and nobody waits for them.
                return;
            }

            if (conclusion.Edits.Length > 0)
            {
                Apply([conclusion]);
            }
        }

        if (!_plan.Parallel.IsEmpty)
        {
            await RunParallelAsync(isWithheld).ConfigureAwait(false);
        }
    }

    /// <summary>Whether an entry that should have masked the content did not, so that nobody else may see it.</summary>
    public static bool IsFailedMask(Conclusion conclusion) =>
        conclusion.Entry.Plugin.Rewrites && (conclusion.Failure is not null || conclusion.WasCancelled || conclusion.Outcome == VerdictOutcome.Block);

    private ValueTask<Conclusion> Start(PlanEntry entry)
    {
        _cancellation.ThrowIfCancellationRequested();
        return EvaluationRunner.RunAsync(_call, entry, Content, _cancellation, ref _clock);
    }

    private ValueTask<Conclusion> GoOn(PlanEntry entry, QuietPassEnd begun) => EvaluationRunner.ConcludeInline(
        _call,
        new EntryInput(entry, begun.Call!, [], _call.Plan.Limits.MaxFindings, IsDetached: false, Unknown: null),
        begun.Evaluation,
        begun.Started,
        _cancellation,
        ref _clock);

    // What those concluded that have run: nothing.
    private int TakePassed()
    {
        for (; _concluded < (Begun?.Index ?? 0); _concluded++)
        {
            _conclusions[_concluded] = new Conclusion { Entry = _plan.Sequential[_concluded], Elapsed = Begun!.Elapsed[_concluded] };
        }

        return _concluded;
    }

    private bool IsLeftOut(PlanEntry entry, bool isWithheld)
    {
        if (IsWithoutBody && EntryContent.ReadsBody(entry))
        {
            return true;
        }

        if (isWithheld && EntryContent.ReadsSegments(entry))
        {
            _conclusions[_concluded++] = Conclusion.Cancelled(entry, TimeSpan.Zero);
            return true;
        }

        return false;
    }

    private void Apply(Conclusion[] conclusions)
    {
        SegmentEdit[] edits = conclusions.Length == 1 ? EditsOf(conclusions[0]) : [.. conclusions.SelectMany(EditsOf)];
        if (edits.Length == 0)
        {
            return;
        }

        _edits.Apply(EditRendering.Render(EditMerge.Merge(edits), _edits.Current, _call.Masks));
        if (_call.Masks.TakeFallback())
        {
            foreach (var conclusion in conclusions.Where(static c => c.Entry.Evaluator is IReversibleEvaluator { Reversible: not null }
                && c.Edits.Length > 0))
            {
                conclusion.Findings = [.. conclusion.Findings, Irreversible];
            }
        }
    }

    private SegmentEdit[] EditsOf(Conclusion conclusion) =>
        _call.Masks.Outside((conclusion.Entry.Evaluator as IReversibleEvaluator)?.Reversible, conclusion.Edits, _edits.Current);

    private async ValueTask RunParallelAsync(bool isWithheld)
    {
        var entries = _plan.Parallel.Where(e => !IsLeftOut(e, isWithheld)).ToImmutableArray();
        if (entries.IsEmpty)
        {
            return;
        }

        _cancellation.ThrowIfCancellationRequested();
        using var group = new ParallelGroup(_call, entries, Content, !IsAfterwards, _cancellation);
        var received = await group.RunAsync().ConfigureAwait(false);
        foreach (var conclusion in received)
        {
            conclusion.EditsBefore = _edits.Edits;
        }

        received.CopyTo(_conclusions, _concluded);
        _concluded += received.Length;
        if (!AsksOnly && (IsAfterwards || received.All(c => Ranking.Of(c, _stage) < DecisionRank.Availability)))
        {
            Apply(received);
        }
    }
}

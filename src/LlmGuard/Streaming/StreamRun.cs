using System.Diagnostics;
using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Execution.Edits;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Telemetry;

namespace LlmGuard.Streaming;

/// <summary>
/// <see cref="GuardrailStage.PreResponse"/> of an answer that arrives in pieces. Makes one decision, however many pieces there were. Used by one
/// thread at a time.
/// </summary>
internal sealed class StreamRun
{
    private const GuardrailStage Stage = GuardrailStage.PreResponse;
    private const int FailuresToRetire = 3;
    private const int BadGateway = 502;

    private readonly GuardedCallCore _call;
    private readonly Dictionary<PlanEntry, EntryRecord> _records = [];
    private readonly SortedDictionary<UninspectedKind, int> _notInspected = [];
    private readonly long _started;
    private readonly Activity? _activity;
    private EngineFailure? _failure;
    private bool _isFlagged;
    private bool _isStopped;
    private GuardrailDecision? _decision;

    public StreamRun(GuardedCallCore call, StreamPlan plan)
    {
        _call = call;
        Plan = plan;
        _started = call.Services.Time.GetTimestamp();
        _activity = GuardrailTelemetry.StartDetached(Stage, call);
        foreach (var entry in call.Plan[Stage].Sequential.Concat(call.Plan[Stage].Parallel))
        {
            _records.Add(entry, new EntryRecord(entry, call.Plan.Limits.MaxFindings));
        }
    }

    public StreamPlan Plan { get; }

    /// <summary>What the call masked, to be put back into what leaves.</summary>
    public CallMasks Masks => _call.Masks;

    public TimeProvider Time => _call.Services.Time;

    /// <summary>Whether nothing more of the answer may leave.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Whether somebody reads the whole answer afterwards, so that what leaves is also kept.</summary>
    public bool IsKept => KeptContent.IsAnswerWanted(_call);

    /// <summary>
    /// Whether the rest of an answer that is stopped tells something: an entry settles by the usage at its end, and it was stopped for what it says
    /// and not because it cannot be read.
    /// </summary>
    public bool WantsRest => _isStopped && _failure is null && (_call.Plan[GuardrailStage.PostResponse].Needs & GuardrailNeeds.Usage) != 0;

    /// <summary>Opens a text that arrives in pieces.</summary>
    /// <param name="entries">The entries it passes.</param>
    /// <param name="info">What is known about it.</param>
    /// <param name="isPart">Whether it is a part by itself of a text that is judged whole too: only the whole one is shown to judges.</param>
    public SpanChain Open(SpanEntries entries, in SegmentInfo info, bool isPart = false)
    {
        var asked = entries.AsksOnly && !isPart ? new AskedEdits() : null;
        var builder = new GuardrailContentBuilder();
        builder.AddValidText(default, info);
        var segment = builder.Build()[0];
        var stages = new List<SpanStage>();
        foreach (var step in entries.Steps)
        {
            var scans = new List<SpanScan>(step.Length);
            foreach (var entry in step)
            {
                if (EntryContent.Includes(entry, segment) && ScannerOf(entry, segment) is { } scanner)
                {
                    var vault = _call.Masks.VaultOf((entry.Evaluator as IReversibleEvaluator)?.Reversible);
                    scans.Add(new SpanScan(entry, scanner, segment.Editability, _records[entry], vault));
                }
            }

            if (scans.Count > 0)
            {
                stages.Add(new SpanStage(scans, _call.Masks, asked));
            }
        }

        return new SpanChain(stages, asked);
    }

    /// <summary>
    /// Opens the scan of small texts that each stand alone in an event; null when an entry cannot say without the rest of the event whether it finds
    /// anything in one.
    /// </summary>
    /// <param name="entries">The entries they pass.</param>
    /// <param name="info">What is known about each.</param>
    public LoneScan? OpenLone(SpanEntries entries, in SegmentInfo info)
    {
        var builder = new GuardrailContentBuilder();
        builder.AddValidText(default, info);
        var segment = builder.Build()[0];
        var scanners = new List<ISpanScanner>();
        foreach (var entry in entries.Steps.SelectMany(static step => step))
        {
            if (!EntryContent.Includes(entry, segment))
            {
                continue;
            }

            if (entry.Evaluator is not ISegmentEvaluator evaluator || !evaluator.IsPurePerSegment(Stage))
            {
                return null;
            }

            if (ScannerOf(entry, segment) is { } scanner)
            {
                scanners.Add(scanner);
            }
        }

        return LoneScan.Of(scanners);
    }

    /// <summary>Has the entries decide what they can of a text; a text that must not go on stops the answer.</summary>
    public void Advance(SpanChain chain, bool isEnd)
    {
        chain.Advance(isEnd);
        if (chain.Stop is not { } stop || _isStopped)
        {
            return;
        }

        if (stop.ExceptionType is { } type)
        {
            _call.Services.Log.EvaluatorThrew(stop.Entry.Plugin.Name, stop.Entry.Key.Id, type);
        }

        if (stop.Class is { } failureClass)
        {
            _records[stop.Entry].Fail(failureClass, stop.Reason!);
        }
        else
        {
            _records[stop.Entry].Block(stop.Refusal);
        }

        _isStopped = true;
    }

    /// <summary>Has the entries that read the head decide, before anything leaves.</summary>
    public async ValueTask<EditComposition> JudgeHeadAsync(GuardrailContent head, CancellationToken cancellationToken)
    {
        var edits = Plan.Head.IsEmpty ? new EditComposition(head) : (await RunAsync(Plan.Head, head, cancellationToken).ConfigureAwait(false)).Edits;
        foreach (var step in Plan.Steps)
        {
            if (head.Count > 0 && !_isStopped)
            {
                edits.Apply((await JudgeAsync(step.Spans, edits.Current, cancellationToken).ConfigureAwait(false)).Edits);
            }
        }

        return edits;
    }

    /// <summary>Has entries of finite reach judge texts that are there as a whole.</summary>
    public async ValueTask<EditComposition> JudgeAsync(SpanEntries entries, GuardrailContent texts, CancellationToken cancellationToken) =>
        entries.Plan.IsEmpty
        ? new EditComposition(texts)
        : (await RunAsync(entries.Plan, texts, cancellationToken).ConfigureAwait(false)).Edits;

    /// <summary>Has entries of finite reach say what they ask for of texts that are there as a whole.</summary>
    public async ValueTask<IEnumerable<AskedEdit>> AskAsync(SpanEntries entries, GuardrailContent texts, CancellationToken cancellationToken) =>
        (await RunAsync(entries.Plan, texts, cancellationToken, asksOnly: true).ConfigureAwait(false)).Asked;

    /// <summary>Asks judges of whole text about a window of the answer; what they say counts once it is given to <see cref="Take"/>.</summary>
    /// <param name="judges">The judges.</param>
    /// <param name="window">The window.</param>
    /// <param name="asksOnly">Whether others rewrite beside them, so that their edits are not carried out.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the verdicts.</param>
    public async Task<StageRun> JudgeWindowAsync(StagePlan judges, GuardrailContent window, bool asksOnly, CancellationToken cancellationToken)
    {
        using var suppression = GuardrailSuppression.Enter();
        GuardrailTelemetry.Enter(_activity);
        var run = new StageRun(_call, judges, Stage, window, cancellationToken) { AsksOnly = asksOnly };
        await run.RunAsync().ConfigureAwait(false);
        return run;
    }

    /// <summary>Takes the judges' verdicts on a window.</summary>
    public void Take(StageRun window) => Absorb(window);

    /// <summary>
    /// Those judges that are still asked: one that is not there is not asked for the rest of this stream; what content brings about never retires
    /// one.
    /// </summary>
    public StagePlan StillAsked(StagePlan judges) => new(judges.Sequential.RemoveAll(IsRetired), judges.Parallel.RemoveAll(IsRetired), []);

    /// <summary>Checks what nobody can read of an event.</summary>
    public void CheckUninspected(GuardrailContent content)
    {
        var found = ContentGate.Check(content, _call.Plan[Stage], _call.Plan);
        foreach (var (kind, count) in found.NotInspected ?? [])
        {
            _notInspected[kind] = _notInspected.GetValueOrDefault(kind) + count;
        }

        _isFlagged |= found.IsFlagged;
        if (found.Failure is { } failure)
        {
            _failure ??= failure;
            _isStopped = true;
        }
    }

    /// <summary>Something of the answer cannot be read or edited, or a bound is hit: it goes no further.</summary>
    public void Fail(string reason)
    {
        _failure ??= new EngineFailure(new GuardrailFailure(FailureClass.Output, reason), BadGateway);
        _isStopped = true;
    }

    /// <summary>The process has no room for more of the answer.</summary>
    public void FailForRoom()
    {
        _failure ??= new EngineFailure(new GuardrailFailure(FailureClass.Availability, FailureReasons.LimitExceeded), 503, TimeSpan.FromSeconds(1));
        _isStopped = true;
    }

    /// <summary>Makes the stage's decision. Repeating it gives the same.</summary>
    /// <param name="content">What left, or null when nobody reads it or it was too much to keep.</param>
    public GuardrailDecision Conclude(GuardrailContent? content)
    {
        if (_decision is not null)
        {
            return _decision;
        }

        var plan = _call.Plan[Stage];
        var outcome = new StageOutcome(
            Stage,
            [.. plan.Sequential.Concat(plan.Parallel).Select(e => _records[e].ToConclusion())],
            new EditComposition(content ?? GuardrailContent.Empty),
            new GateFinding(_failure, _notInspected.Count > 0 ? [.. _notInspected] : null, _isFlagged),
            _call.Services.Time.GetElapsedTime(_started));
        _decision = _call.ConcludeStream(outcome, content);
        GuardrailTelemetry.Finish(_activity, _decision.Action, outcome.Plugin);
        EndTrace();
        return _decision;
    }

    /// <summary>Ends what is traced, also of an answer on which no decision was made. Repeating it does nothing.</summary>
    public void EndTrace() => GuardrailTelemetry.StopDetached(_activity);

    private async ValueTask<StageRun> RunAsync(StagePlan plan, GuardrailContent content, CancellationToken cancellationToken, bool asksOnly = false)
    {
        using var suppression = GuardrailSuppression.Enter();
        GuardrailTelemetry.Enter(_activity);
        var run = new StageRun(_call, plan, Stage, content, cancellationToken) { AsksOnly = asksOnly };
        await run.RunAsync().ConfigureAwait(false);
        Absorb(run);
        return run;
    }

    private void Absorb(StageRun run)
    {
        foreach (var conclusion in run.Conclusions)
        {
            var record = _records[conclusion.Entry];
            record.Absorb(conclusion);
            if (record.HasTooMany)
            {
                record.Fail(FailureClass.Input, FailureReasons.LimitExceeded);
            }

            _isStopped |= record.HasTooMany || Ranking.Of(conclusion, Stage) >= DecisionRank.Availability;
        }
    }

    private bool IsRetired(PlanEntry entry) => _records[entry].FailuresInARow >= FailuresToRetire;

    private ISpanScanner? ScannerOf(PlanEntry entry, Segment segment)
    {
        try
        {
            return ((ISpanEvaluator)entry.Evaluator).CreateScanner(segment.Role, segment.Kind);
        }
        catch (Exception exception)
        {
            // A plugin's exception is that entry's failure, whatever it is.
            _call.Services.Log.EvaluatorThrew(entry.Plugin.Name, entry.Key.Id, exception.GetType().FullName);
            _records[entry].Fail(FailureClass.Input, FailureReasons.Exception);
            _isStopped = true;
            return null;
        }
    }
}

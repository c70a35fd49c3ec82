using System.Collections.Immutable;
using LlmGuard.Execution.Background;
using LlmGuard.Execution.Edits;
using LlmGuard.Execution.Evaluations;
using LlmGuard.Masking;
using LlmGuard.Planning;
using LlmGuard.Policy;
using LlmGuard.Streaming;
using LlmGuard.Telemetry;

namespace LlmGuard.Execution;

/// <summary>A call under way: runs its stages, keeps what lasts from one to the next, and starts its last stage when it is disposed.</summary>
internal sealed class GuardedCallCore : GuardedCall
{
    private static readonly EngineFailure OutOfRoom =
        new(new GuardrailFailure(FailureClass.Availability, FailureReasons.LimitExceeded), 503, TimeSpan.FromSeconds(1));

    private readonly CallFacts _facts;
    private readonly CallId _id = CallId.New();

    // Not made where no header, log or listener tells it.
    private string? _idText;

    // What few calls need is made when it is.
    private CallBackground? _background;
    private CallCopies? _copies;
    private CallMasks? _masks;
    private GuardrailContent? _request;
    private DecisionList _decisions;
    private bool _isRequestChecked;
    private bool _isResponseChecked;
    private UnreadPart? _unreadOfRequest;
    private UnreadPart? _unreadOfAnswer;
    private StreamRun? _stream;
    private bool _hasBegun;
    private int _isDisposed;

    // How far the first stage has come before there was a call.
    private QuietPassEnd? _begun;

    // The call itself, and every piece of monitoring work it has queued.
    private int _parts = 1;

    /// <summary>Begins a call.</summary>
    /// <remarks>Where entries have looked at it already, what they see is taken over, and its first stage goes on from where they are.</remarks>
    public GuardedCallCore(
        ExecutionServices services, GuardedCallOptions options, PolicyLease lease, EffectivePlan plan, Refusal? earlyRefusal,
        CallFacts? facts = null, QuietPassEnd? begun = null)
    {
        Services = services;
        _begun = begun;
        _facts = facts ?? new CallFacts(options, plan, services.Log);
        Leases = new CallLeases(lease);
        Plan = plan;
        EarlyRefusal = earlyRefusal;
    }

    public override string Id => Volatile.Read(ref _idText) ?? Interlocked.CompareExchange(ref _idText, _id.ToString(), null) ?? _idText;

    /// <summary>The id, without making a text of it.</summary>
    public CallId Number => _id;

    public override string Revision => Plan.Revision;

    public override GuardrailScope Scope => Plan.Scope;

    public override IReadOnlyList<GuardrailDecision> Decisions => _decisions.All;

    internal override int DecisionCount => _decisions.Count;

    public ExecutionServices Services { get; }

    public GuardrailSeam Seam => _facts.Seam;

    /// <summary>Keeps evaluators and buffers alive while an evaluation uses them.</summary>
    public CallLeases Leases { get; }

    public GuardrailCaller Caller => _facts.Caller;

    public CallStates States => _facts;

    public CallCopies Copies =>
        Volatile.Read(ref _copies) ?? Interlocked.CompareExchange(ref _copies, new CallCopies(Services.Budget), null) ?? _copies;

    private CallBackground Background =>
        Volatile.Read(ref _background) ?? Interlocked.CompareExchange(ref _background, new CallBackground(this), null) ?? _background;

    /// <summary>What the call masks with, and what it can undo.</summary>
    public CallMasks Masks => Volatile.Read(ref _masks) ?? Interlocked.CompareExchange(ref _masks, _facts.NewMasks(_request), null) ?? _masks;

    internal override Refusal? EarlyRefusal { get; }

    internal override EffectivePlan Plan { get; }

    /// <summary>How the call ended.</summary>
    public CallEnding Ending => _facts.EndingOf(this);

    internal override GuardrailDecision DecisionAt(int index) => _decisions[index];

    public override void Describe(RequestFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        _facts.Describe(facts);
    }

    public override void DescribeResponse(int? statusCode) => _facts.UpstreamStatus = statusCode;

    public override void Complete(CallEnding ending, TokenUsage? usage = null)
    {
        // The last word before disposal counts: the stage that reads these may be running by now.
        if (Volatile.Read(ref _isDisposed) == 0)
        {
            _facts.End(ending, usage);
        }
    }

    public override ValueTask<GuardrailDecision> EvaluateAsync(
        GuardrailStage stage,
        GuardrailContent content,
        CancellationToken cancellationToken = default)
    {
        Stages.ThrowIfUndefined(stage);
        ArgumentNullException.ThrowIfNull(content);
        ThrowIfUnusable(stage);
        if (_begun is null)
        {
            // An evaluation that has begun already is waited for or given up like any other.
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (EarlyRefusal is { } early)
        {
            return new ValueTask<GuardrailDecision>(Add(Execution.Decisions.Bare(_id, Plan, stage, content, early)));
        }

        _hasBegun = true;
        if (stage == GuardrailStage.PreRequest && (Plan[stage].Needs & GuardrailNeeds.BodyMetrics) != 0)
        {
            _facts.Measure(content);
        }

        return Plan[stage].IsEmpty && !KeptContent.IsWanted(this, stage) && (stage != GuardrailStage.PreResponse || Plan.Reversible.IsEmpty)
            ? new ValueTask<GuardrailDecision>(Add(Execution.Decisions.Bare(_id, Plan, stage, content, null)))
            : RunAsync(stage, content, cancellationToken);
    }

    internal override ValueTask<GuardrailDecision> FailAsync(
        GuardrailStage stage,
        GuardrailFailure failure,
        int statusCode,
        GuardrailNeeds unread = GuardrailNeeds.Content,
        string? detail = null)
    {
        ThrowIfUnusable(stage);
        _hasBegun = true;
        var plan = Plan[stage];
        if (statusCode == OutOfRoom.StatusCode)
        {
            failure = failure with { Class = FailureClass.Availability };
        }

        // An edit that could not be carried out was asked for by an enforcing entry, whatever it reads.
        var isNeeded = (plan.EnforcedNeeds & unread) != 0 || failure.Reason == FailureReasons.MaskNotApplicable;
        var own = new EngineFailure(failure, statusCode, failure.Class == FailureClass.Availability ? OutOfRoom.RetryAfter : null)
        {
            Detail = detail,
        };
        var outcome = new StageOutcome(
            stage,
            [],
            new EditComposition(GuardrailContent.Empty),
            new GateFinding(isNeeded ? own : null, [KeyValuePair.Create(UninspectedKind.UndecodableText, 1)], (plan.Needs & unread) != 0),
            TimeSpan.Zero);
        var decision = Execution.Decisions.Make(this, outcome);
        OutcomeReport.Write(this, outcome, decision.Refusal);
        ReportUnread(stage, new UnreadPart(GuardrailNeeds.Content, failure));
        return new ValueTask<GuardrailDecision>(Add(decision));
    }

    internal override void LeaveUnread(bool isResponse, GuardrailNeeds unread, GuardrailFailure failure)
    {
        ref var left = ref isResponse ? ref _unreadOfAnswer : ref _unreadOfRequest;
        left = new UnreadPart(unread, failure);
    }

    internal override StreamRun BeginStream()
    {
        ThrowIfUnusable(GuardrailStage.PreResponse);
        _hasBegun = true;
        return _stream = new StreamRun(this, Plan.Streaming);
    }

    /// <summary>Makes the decision on an answer that came in pieces.</summary>
    /// <param name="outcome">What the entries concluded.</param>
    /// <param name="content">What left, or null when it was not kept.</param>
    internal GuardrailDecision ConcludeStream(StageOutcome outcome, GuardrailContent? content)
    {
        var stage = outcome.Stage;
        if (KeptContent.IsWanted(this, stage) && (content is null || !Copies.TryKeep(content, isResponse: true)))
        {
            Copies.Miss();
        }

        var decision = Execution.Decisions.Make(this, outcome);
        OutcomeReport.Write(this, outcome, decision.Refusal);
        if (content is not null)
        {
            Monitor(Plan[stage].Monitor, stage, content);
        }
        else if (KeptContent.IsAnswerWanted(this) && !Plan[stage].Monitor.IsEmpty)
        {
            Services.Telemetry.MonitorDropped();
            Services.Log.MonitorDropped(Id);
        }
        else
        {
            Monitor(Plan[stage].Monitor, stage, GuardrailContent.Empty);
        }

        return Add(decision);
    }

    internal override void AttachBuffers(IDisposable buffers) => Leases.Attach(buffers);

    /// <summary>The call as an entry sees it.</summary>
    public GuardrailCall ViewFor(PlanEntry entry, GuardrailStage stage, GuardrailContent content) =>
        _facts.ViewFor(this, entry, stage, content);

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _stream?.EndTrace();
            KeepConversation();
            Leases.Release();
            EndPart();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Begins a piece of monitoring work.</summary>
    public void BeginPart() => Interlocked.Increment(ref _parts);

    /// <summary>Ends the call itself or one piece of monitoring work; with the last of them post_response starts.</summary>
    public void EndPart()
    {
        if (Interlocked.Decrement(ref _parts) == 0)
        {
            CallClosing.Start(this, _hasBegun);
        }
    }

    /// <summary>Gives back what was taken for copies.</summary>
    public void ReturnCopies() => Volatile.Read(ref _copies)?.Return();

    private void Monitor(ImmutableArray<PlanEntry> entries, GuardrailStage stage, GuardrailContent content)
    {
        if (!entries.IsEmpty)
        {
            Background.Monitor(entries, stage, content);
        }
    }

    // What stands for the conversation is made of the request, which is gone when the last stage runs.
    private void KeepConversation()
    {
        if (!Plan[GuardrailStage.PostResponse].IsEmpty && (_request is not null || Volatile.Read(ref _masks) is not null))
        {
            Masks.KeepConversation();
        }

        _request = null;
    }

    private async ValueTask<GuardrailDecision> RunAsync(GuardrailStage stage, GuardrailContent content, CancellationToken cancellationToken)
    {
        // A call may be given up while one of its stages runs, which reads what its content lives in until it is over.
        using var buffers = Leases.TryKeepBuffers(out var kept) ? kept : throw Disposed();
        using var suppression = GuardrailSuppression.Enter();
        using var activity = GuardrailTelemetry.StartStage(stage, this);
        var started = Services.Time.GetTimestamp();
        var plan = Plan[stage];
        var isWithoutBody = stage == GuardrailStage.PreRequest && (_facts.Request.Body.IsTruncated || _facts.Request.IsBodyUnread);
        var gate = Check(stage, plan, content, isWithoutBody);
        _request = stage == GuardrailStage.PreRequest ? content : _request;
        if (Plan.Restores)
        {
            await Masks.BeginAsync(stage, content, _facts.Request, Plan.Reversible, Services.Vaults, cancellationToken).ConfigureAwait(false);
        }

        var begun = Interlocked.Exchange(ref _begun, null);
        if (begun is null && gate == default && !isWithoutBody && !KeptContent.IsWanted(this, stage) && QuietPass.Applies(Services, Plan, stage))
        {
            var pass = QuietPass.Run(Services, plan, stage, content, _facts, cancellationToken);
            if (pass.End is null)
            {
                pass.Report(Services, plan, stage);
                return Add(Execution.Decisions.Passed(_id, Plan, stage, content, pass));
            }

            begun = pass.End;
        }

        var run = new StageRun(this, plan, stage, content, cancellationToken) { IsWithoutBody = isWithoutBody, Begun = begun };
        if (gate.Failure is null || isWithoutBody)
        {
            await run.RunAsync().ConfigureAwait(false);
        }

        var outcome = new StageOutcome(stage, run.Conclusions, run.Edits, gate, Services.Time.GetElapsedTime(started));
        if (!KeptContent.TryKeep(this, stage, outcome.Edits.Current))
        {
            outcome = outcome with { Gate = gate with { Failure = gate.Failure ?? OutOfRoom } };
        }

        if (stage == GuardrailStage.PreRequest && Plan.Restores)
        {
            await Masks.EndRequestAsync(Services.Vaults, cancellationToken).ConfigureAwait(false);
        }

        // The last step, on what the decision hands back alone: copies, sinks and monitors see what the guards left.
        var left = outcome.Edits.Current;
        if (stage == GuardrailStage.PreResponse && Plan.Restores && outcome.Action != GuardrailAction.Block)
        {
            outcome.Edits.Apply(Masks.Restore(left));
        }

        var decision = Execution.Decisions.Make(this, outcome);
        OutcomeReport.Write(this, outcome, decision.Refusal);
        GuardrailTelemetry.Finish(activity, decision.Action, outcome.Plugin);
        if (Services.LogsContent)
        {
            Services.Log.Content(Id, stage, content);
        }

        var monitors = isWithoutBody ? plan.Monitor.RemoveAll(EntryContent.ReadsBody) : plan.Monitor;
        if ((stage < GuardrailStage.PreResponse ? _unreadOfRequest : _unreadOfAnswer) is { } unread && !monitors.IsEmpty)
        {
            ReportUnread(stage, unread);
            monitors = monitors.RemoveAll(unread.IsOf);
        }

        Monitor(monitors, stage, left);
        return Add(decision);
    }

    private GateFinding Check(GuardrailStage stage, StagePlan plan, GuardrailContent content, bool isWithoutBody)
    {
        if (isWithoutBody)
        {
            // Refused for its size only where an enforcing entry had to read it: a monitoring one refuses nothing.
            var isRefused = _facts.Request.Body.IsTruncated && (plan.EnforcedNeeds & (GuardrailNeeds.Content | GuardrailNeeds.BodyMetrics)) != 0;
            var failure = new EngineFailure(new GuardrailFailure(FailureClass.Input, FailureReasons.LimitExceeded), 413)
            {
                Detail = _facts.Request.UnreadDetail,
            };
            return new GateFinding(isRefused ? failure : null, null, false);
        }

        ref var isChecked = ref stage == GuardrailStage.PreResponse ? ref _isResponseChecked : ref _isRequestChecked;
        if (isChecked)
        {
            return default;
        }

        isChecked = (plan.EnforcedNeeds & GuardrailNeeds.Content) != 0;
        return ContentGate.Check(content, plan, Plan);
    }

    private void ReportUnread(GuardrailStage stage, UnreadPart unread)
    {
        var failed = Plan[stage].Monitor.Where(unread.IsOf).Select(e => new Conclusion { Entry = e, Failure = unread.Failure }).ToArray();
        if (failed.Length > 0)
        {
            OutcomeReport.WriteMonitored(this, new StageOutcome(stage, failed, new EditComposition(GuardrailContent.Empty), default, TimeSpan.Zero));
        }
    }

    private GuardrailDecision Add(GuardrailDecision decision)
    {
        _decisions.Add(decision);
        return decision;
    }

    private void ThrowIfUnusable(GuardrailStage stage)
    {
        if (stage == GuardrailStage.PostResponse)
        {
            throw new InvalidOperationException("post_response is run by disposing the call.");
        }

        if (Volatile.Read(ref _isDisposed) != 0)
        {
            throw Disposed();
        }
    }

    private static InvalidOperationException Disposed() => new("The call is disposed.");
}

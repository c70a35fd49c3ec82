using System.Diagnostics.CodeAnalysis;
using LlmGuard.Planning;
using LlmGuard.Telemetry;

namespace LlmGuard.Execution.Evaluations;

/// <summary>
/// One evaluation on the thread pool, under its deadline. Its conclusion is there at the latest a grace after the deadline, whatever the evaluator
/// does; one that runs on then is abandoned, and what it may still read stays alive until it ends.
/// </summary>
// A cancellation source without timer or wait handle holds nothing to dispose, and disposing it would race with abandoned evaluators.
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "See above.")]
internal sealed class DeadlineEvaluation
{
    /// <summary>How long an evaluator has, once its deadline is signalled, to end by itself and say why.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    private const int Running = 0;
    private const int Abandoned = 1;
    private const int Ended = 2;
    private const int Deadline = 1;
    private const int Pointless = 2;

    private readonly ExecutionServices _services;
    private readonly GuardedCallCore _call;
    private readonly EntryInput _input;
    private readonly AbandonedEvaluations.Counter _abandoned;
    private readonly long _started;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource<Conclusion> _conclusion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;
    private int _cause;
    private int _phase;
    private bool _isDue;
    private bool _isRetained;

    private DeadlineEvaluation(ExecutionServices services, GuardedCallCore call, in EntryInput input)
    {
        _services = services;
        _call = call;
        _input = input;
        _abandoned = services.Abandoned.For(input.Entry.Evaluator);
        _started = services.Time.GetTimestamp();
    }

    private PlanEntry Entry => _input.Entry;

    private TimeSpan Elapsed => _services.Time.GetElapsedTime(_started);

    /// <summary>Starts an evaluation on the thread pool.</summary>
    /// <param name="services">The engine's services.</param>
    /// <param name="call">The call.</param>
    /// <param name="input">What is evaluated.</param>
    /// <param name="pointless">Signals that nobody wants the conclusion any more.</param>
    public static Task<Conclusion> StartAsync(ExecutionServices services, GuardedCallCore call, in EntryInput input, CancellationToken pointless)
    {
        var evaluation = new DeadlineEvaluation(services, call, input);
        if (evaluation.Refuse() is { } refused)
        {
            return Task.FromResult(refused);
        }

        evaluation.Arm(pointless);
        _ = Task.Run(() => evaluation.RunAsync(evaluation._input.Entry.Evaluator.EvaluateAsync), CancellationToken.None);
        return evaluation._conclusion.Task;
    }

    /// <summary>Takes over an evaluation that was expected to end at once and did not.</summary>
    public static Task<Conclusion> AdoptAsync(
        ExecutionServices services,
        GuardedCallCore call,
        in EntryInput input,
        ValueTask<GuardrailVerdict> started,
        CancellationToken pointless)
    {
        var evaluation = new DeadlineEvaluation(services, call, input);
        evaluation._isRetained = call.Leases.Retain(input.IsDetached);
        evaluation.Arm(pointless);
        _ = evaluation.RunAsync((_, _) => started);
        return evaluation._conclusion.Task;
    }

    private Conclusion? Refuse()
    {
        if (_abandoned.IsExhausted)
        {
            _call.States.Return(_input.Call);
            return Conclusion.Failed(Entry, EvaluationRunner.OwnFailureClass(Entry), FailureReasons.Abandoned, TimeSpan.Zero);
        }

        _isRetained = _call.Leases.Retain(_input.IsDetached);
        if (!_isRetained)
        {
            _call.States.Return(_input.Call);
            return Conclusion.Cancelled(Entry, TimeSpan.Zero);
        }

        return null;
    }

    private void Arm(CancellationToken pointless)
    {
        _timer = _services.Time.CreateTimer(static e => ((DeadlineEvaluation)e!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Entry.Timeout, Timeout.InfiniteTimeSpan);
        _registration = pointless.UnsafeRegister(static e => ((DeadlineEvaluation)e!).Cancel(Pointless), this);
    }

    private async Task RunAsync(Func<GuardrailCall, CancellationToken, ValueTask<GuardrailVerdict>> evaluate)
    {
        // Everything the evaluator traces hangs from this one.
        using var activity = GuardrailTelemetry.StartEvaluation(Entry, _input.Stage);
        Conclusion conclusion;
        try
        {
            var verdict = await evaluate(_input.Call, _cancellation.Token).ConfigureAwait(false);
            conclusion = VerdictReader.Read(_input, verdict, Elapsed);
            if (conclusion.Failure is null && conclusion.Outcome != VerdictOutcome.Block && Volatile.Read(ref _cause) == Deadline)
            {
                // Too late: an evaluator that ends because it was told to has not judged the content, whatever it says.
                conclusion = TimedOut();
            }
            else if (conclusion.Failure is not null && Volatile.Read(ref _cause) == Pointless)
            {
                // An evaluator that was told to stop and calls that a failure has not failed.
                conclusion = Conclusion.Cancelled(Entry, Elapsed);
            }
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            conclusion = Volatile.Read(ref _cause) == Deadline ? TimedOut() : Conclusion.Cancelled(Entry, Elapsed);
        }
        catch (Exception exception)
        {
            // A plugin's exception is that evaluation's failure, whatever it is.
            conclusion = EvaluationRunner.Threw(_services, Entry, exception, Elapsed);
        }

        GuardrailTelemetry.Finish(activity, conclusion);
        _input.Settle(conclusion, Volatile.Read(ref _cause) != 0);
        await _timer!.DisposeAsync().ConfigureAwait(false);
        await _registration.DisposeAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref _phase, Ended) == Abandoned)
        {
            _abandoned.Remove();
        }

        _call.States.Return(_input.Call);
        try
        {
            if (_isRetained)
            {
                _call.Leases.Release(_input.IsDetached);
            }
        }
        finally
        {
            _conclusion.TrySetResult(conclusion);
        }
    }

    private void OnTimer()
    {
        if (Cancel(Deadline) || !_isDue)
        {
            _isDue = true;
            _timer!.Change(Grace, Timeout.InfiniteTimeSpan);
            return;
        }

        if (Interlocked.CompareExchange(ref _phase, Abandoned, Running) == Running)
        {
            _abandoned.Add();
            _services.Log.EvaluationAbandoned(Entry.Plugin.Name, Entry.Key.Id);
            _conclusion.TrySetResult(TimedOut());
        }
    }

    /// <summary>Signals the evaluator; false when it has been signalled before.</summary>
    private bool Cancel(int cause)
    {
        if (Interlocked.CompareExchange(ref _cause, cause, 0) != 0)
        {
            return false;
        }

        // Callbacks registered by the evaluator run on the pool: one that hangs or throws must hurt neither the timer nor the caller.
        _ = ObserveAsync(_cancellation.CancelAsync());
        return true;
    }

    private async Task ObserveAsync(Task cancelling)
    {
        try
        {
            await cancelling.ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            // Thrown by a callback of the evaluator, whose evaluation has already been given up.
            _services.Log.EvaluatorThrew(Entry.Plugin.Name, Entry.Key.Id, exception.InnerExceptions[0].GetType().FullName);
        }
    }

    private Conclusion TimedOut() => Conclusion.Failed(Entry, EvaluationRunner.OwnFailureClass(Entry), FailureReasons.Timeout, Elapsed);
}

using System.Collections.Immutable;
using LlmGuard.Execution;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Http.Wire.Streams.Live.Shapes;
using LlmGuard.Planning;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// The guard of one answer that arrives in pieces: reads events as their bytes come, has the entries judge them, and lets out each event once
/// nothing that still comes can change it. Used by one thread at a time.
/// </summary>
/// <remarks>
/// An event passes, in the order of the policy's entries, one step after the other: those of finite reach, then judges of whole text; then the way
/// out. Each of these holds it as long as it must.
/// </remarks>
internal sealed class StreamGuard : IDisposable
{
    private readonly StreamRun _run;
    private readonly PlanLimits _limits;
    private readonly LiveEventReader _reader;
    private readonly LiveRoom _room;
    private readonly LiveIntake _intake;
    private readonly LiveStep[] _steps;
    private readonly SpanPass _first;
    private readonly StreamExit _exit;

    public StreamGuard(StreamRun run, string? dialect, StreamForm form, StreamEnding ending,
        PlanLimits limits, HeldBytesBudget budget, CancellationToken aborted)
    {
        _run = run;
        _limits = limits;
        _reader = new LiveEventReader(form, dialect, limits);
        _room = new LiveRoom(budget);
        _steps = [.. run.Plan.Steps.Select((step, number) => new LiveStep(run, step, number, limits, aborted))];
        _first = _steps[0].Pass;
        Gates = [.. _steps.Select(static s => s.Gate).OfType<LiveGate>()];
        Aborted = aborted;
        _exit = new StreamExit(run, _reader, ending, limits, budget);
        Head = new LiveHead(run, Gates, _exit, limits.MaxHeldBytes);

        // Judges, and whoever reads the answer afterwards, see events one by one.
        _intake = new LiveIntake(run, form, IStreamFraming.Of(form), _reader, _first, _exit,
            hasGates: !Gates.IsEmpty, learnsShapes: _steps is [{ Gate: null }] && _exit.IsPlain);
    }

    /// <summary>What may leave.</summary>
    public ByteQueue Output => _exit.Output;

    /// <summary>When the status line may go out.</summary>
    public LiveHead Head { get; }

    /// <summary>Whether text of the answer may leave or has left.</summary>
    public bool HasText => _exit.HasText;

    /// <summary>What the judges of whole text hold, in the order in which text passes them.</summary>
    public ImmutableArray<LiveGate> Gates { get; }

    /// <summary>Whether nothing more will come into <see cref="Output"/>.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether the answer has come to its end, or to where clients stop reading.</summary>
    public bool HasEnded => _intake.HasEnded;

    /// <summary>Why the answer goes no further, or null.</summary>
    public Refusal? Refusal { get; private set; }

    public TimeProvider Time => _run.Time;

    /// <summary>Cancelled when the caller gives the answer up.</summary>
    public CancellationToken Aborted { get; }

    /// <summary>The usage the provider reported so far.</summary>
    public TokenUsage? Usage => _reader.Usage;

    /// <summary>Whether the rest of an answer that was cut is to be read for its usage.</summary>
    public bool WantsRest => Refusal is not null && _run.WantsRest;

    /// <summary>Whether <see cref="ReadOn"/> has come to where clients stop reading, or to what nobody can read.</summary>
    public bool HasReadOn => _intake.HasReadOn;

    /// <summary>Bytes that have come and not passed.</summary>
    public long Waiting => _intake.Pending + _intake.Taken - _exit.Passed;

    /// <summary>Bytes of memory that what has come stands in, for tests that watch it.</summary>
    public int Room => _intake.Room;

    /// <summary>Whether an event that comes alone may take the short way; tests compare it with the long one.</summary>
    public bool TakesOneByOne { get; set; } = true;

    /// <summary>Takes bytes of the answer.</summary>
    public ValueTask FeedAsync(ReadOnlyMemory<byte> bytes)
    {
        if (IsFinished || HasEnded)
        {
            return ValueTask.CompletedTask;
        }

        if (!TakesOneByOne)
        {
            _intake.Append(bytes.Span);
        }
        else if (_intake.TakeOneMore(bytes.Span) is { } known)
        {
            Decide(known);
            return ValueTask.CompletedTask;
        }

        return ReadAsync();
    }

    /// <summary>Whether nothing more comes to a gate.</summary>
    public bool HasEndedBefore(LiveGate gate)
    {
        var step = Array.FindIndex(_steps, s => ReferenceEquals(s.Gate, gate));
        return IsThrough(step) && !_steps[step].Pass.IsHolding;
    }

    /// <summary>Says that the answer has come to its end.</summary>
    public async ValueTask EndAsync()
    {
        if (IsFinished || HasEnded)
        {
            return;
        }

        await _intake.ReadAsync(isEnd: true).ConfigureAwait(false);
        await _intake.EndAsync().ConfigureAwait(false);
        await ProgressAsync(ValueTask.CompletedTask).ConfigureAwait(false);
    }

    /// <summary>Says that the rest of the answer cannot be read.</summary>
    /// <param name="reason">Why, one of <see cref="FailureReasons"/>.</param>
    public void Fail(string reason)
    {
        if (!IsFinished)
        {
            _run.Fail(reason);
            Settle();
        }
    }

    /// <summary>Takes the verdicts on what was shown to the judges of whole text.</summary>
    public async ValueTask TakeVerdictsAsync(LiveGate gate, List<StageRun> verdicts)
    {
        var step = Array.FindIndex(_steps, s => ReferenceEquals(s.Gate, gate));
        foreach (var released in gate.Take(verdicts))
        {
            Pass(released, step);
        }

        await FlowAsync(step + 1).ConfigureAwait(false);
        Settle();
    }

    /// <summary>Reads on in an answer that was cut, for what it says about the call. Nothing of it leaves.</summary>
    public void ReadOn(ReadOnlySpan<byte> bytes) => _intake.ReadOn(bytes);

    /// <summary>Makes the decision of a stream that was given up before it came to its end.</summary>
    public void GiveUp()
    {
        if (!IsFinished)
        {
            IsFinished = true;
            _run.Conclude(_exit.Kept);
        }
    }

    /// <summary>Gives memory back that other streams can use: it is finished, and whoever took its output has come back for more.</summary>
    public void Release()
    {
        _intake.Release();
        Output.Release();
    }

    public void Dispose()
    {
        _room.Dispose();
        _exit.Dispose();
    }

    private ValueTask ReadAsync()
    {
        var reading = _intake.ReadAsync(isEnd: false);
        if (!reading.IsCompletedSuccessfully || _steps.Length > 1)
        {
            return ProgressAsync(reading);
        }

        reading.GetAwaiter().GetResult();
        Decide();
        Settle();
        return ValueTask.CompletedTask;
    }

    private async ValueTask ProgressAsync(ValueTask reading)
    {
        await reading.ConfigureAwait(false);
        Decide();
        await FlowAsync(1).ConfigureAwait(false);
        Settle();
    }

    /// <summary>Has the entries of the first step decide what they can, and lets go on what is decided.</summary>
    private void Decide()
    {
        CheckRoom();
        _first.Advance(HasEnded);
        while (_first.TryTake(out var decided))
        {
            if (decided.Run is { } known)
            {
                LetOut(known);
            }
            else
            {
                ShowOrPass(decided, 0);
            }
        }

        _intake.KeepWaiting();
        if (_first.HasOvertaking)
        {
            _first.TakeOvertaking().ForEach(_exit.Let);
        }
    }

    /// <summary>The same where a run of events is all that waits.</summary>
    private void Decide(EventRun only)
    {
        CheckRoom();
        if (_first.Advance(only))
        {
            LetOut(only);
        }

        _intake.KeepWaiting();
        Settle();
    }

    private void LetOut(EventRun known)
    {
        _exit.Let(known);
        _first.Forget(known);
        known.Leave();
        if (known.IsOver)
        {
            _intake.Return(known);
        }
    }

    private void CheckRoom()
    {
        if (Waiting > _limits.MaxBodyBytes)
        {
            _run.Fail(FailureReasons.LimitExceeded);
        }
    }

    /// <summary>Has the entries of a step and those behind it decide what they can of what has come to them.</summary>
    private async ValueTask FlowAsync(int from)
    {
        for (var i = from; i < _steps.Length; i++)
        {
            var step = _steps[i];
            await step.TakeArrivedAsync().ConfigureAwait(false);
            step.Pass.Advance(isEnd: IsThrough(i) && !_run.IsStopped);
            while (step.Pass.TryTake(out var decided))
            {
                ShowOrPass(decided, i);
            }
        }
    }

    private void ShowOrPass(LiveEvent decided, int step)
    {
        if (_steps[step].Gate is not { } gate || decided.MayOvertake || gate.Add(decided))
        {
            Pass(decided, step);
        }
    }

    /// <summary>Takes an event that the entries and judges of a step have let pass, or need not see.</summary>
    private void Pass(LiveEvent judged, int step)
    {
        if (step + 1 == _steps.Length || judged.MayOvertake)
        {
            _exit.Let(judged);
        }
        else
        {
            _steps[step + 1].Arrived.Enqueue(judged);
        }
    }

    /// <summary>Whether all that will ever come has passed the steps before one.</summary>
    private bool IsThrough(int step) => HasEnded && Array.TrueForAll(_steps[..step], static s => !s.IsHolding);

    private void Settle()
    {
        if (!_run.IsStopped && !_room.TryHold(Waiting + Output.Count))
        {
            _run.FailForRoom();
        }

        if (IsFinished)
        {
            return;
        }

        if (_run.IsStopped || IsThrough(_steps.Length))
        {
            _exit.Finish();
            IsFinished = true;
            Refusal = _run.Conclude(_exit.Kept).Refusal;
            if (_run.IsStopped)
            {
                _exit.End(Refusal!);
            }
        }
    }
}

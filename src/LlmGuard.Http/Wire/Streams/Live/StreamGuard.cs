using System.Collections.Immutable;
using LlmGuard.Execution;
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
    private readonly StreamForm _form;
    private readonly IStreamFraming _framing;
    private readonly LiveEventReader _reader;
    private readonly LiveRoom _room;
    private readonly LiveCalls _calls;
    private readonly KnownShapes _shapes;
    private readonly LiveStep[] _steps;
    private readonly SpanPass _first;
    private readonly List<EventRun> _lent = [];
    private readonly StreamExit _exit;
    private readonly bool _learnsShapes;
    private long _taken;
    private bool _hasEnded;

    public StreamGuard(StreamRun run, string? dialect, StreamForm form, StreamEnding ending, PlanLimits limits, HeldBytesBudget budget, CancellationToken aborted)
    {
        _run = run;
        _limits = limits;
        _form = form;
        _framing = IStreamFraming.Of(form);
        _reader = new LiveEventReader(form, dialect, limits);
        _calls = new LiveCalls(_reader.State);
        _room = new LiveRoom(budget);
        _steps = [.. run.Plan.Steps.Select((step, number) => new LiveStep(run, step, number, limits, aborted))];
        _first = _steps[0].Pass;
        _shapes = new KnownShapes(run, run.Plan.Steps[0].Spans);
        Gates = [.. _steps.Select(static s => s.Gate).OfType<LiveGate>()];
        Aborted = aborted;
        _exit = new StreamExit(run, _reader, dialect, ending, limits, budget);
        Head = new LiveHead(run, Gates, _exit, limits.MaxHeldBytes);

        // Judges, and whoever reads the answer afterwards, see events one by one.
        _learnsShapes = _steps is [{ Gate: null }] && _exit.IsPlain;
    }

    /// <summary>What may leave.</summary>
    public OutputBuffer Output => _exit.Output;

    /// <summary>When the status line may go out.</summary>
    public LiveHead Head { get; }

    /// <summary>Whether text of the answer may leave or has left.</summary>
    public bool HasText => _exit.HasText;

    /// <summary>What the judges of whole text hold, in the order in which text passes them.</summary>
    public ImmutableArray<LiveGate> Gates { get; }

    /// <summary>Whether nothing more will come into <see cref="Output"/>.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether the answer has come to its end, or to where clients stop reading.</summary>
    public bool HasEnded => _hasEnded;

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
    public bool HasReadOn { get; private set; }

    private long Waiting => _taken - _exit.Passed;

    /// <summary>Takes bytes of the answer.</summary>
    public ValueTask FeedAsync(ReadOnlyMemory<byte> bytes)
    {
        if (IsFinished || _hasEnded)
        {
            return ValueTask.CompletedTask;
        }

        _framing.Append(bytes.Span);
        var reading = ReadAsync(isEnd: false);
        if (!reading.IsCompletedSuccessfully || _steps.Length > 1)
        {
            return ProgressAsync(reading);
        }

        reading.GetAwaiter().GetResult();
        Decide();
        Settle();
        return ValueTask.CompletedTask;
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
        if (IsFinished || _hasEnded)
        {
            return;
        }

        await ReadAsync(isEnd: true).ConfigureAwait(false);
        await EndTextsAsync().ConfigureAwait(false);
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
    public void ReadOn(ReadOnlySpan<byte> bytes)
    {
        _framing.Append(bytes);
        while (!HasReadOn && _framing.TryNext(isEnd: false, out var frame))
        {
            HasReadOn = _reader.IsDone(frame.Span);
            if (!HasReadOn)
            {
                HasReadOn = _reader.Read(new LiveEvent { Raw = frame.ToArray() }) is not null;
            }
        }

        HasReadOn |= _framing.Failure is not null;
    }

    /// <summary>Makes the decision of a stream that was given up before it came to its end.</summary>
    public void GiveUp()
    {
        if (!IsFinished)
        {
            IsFinished = true;
            _run.Conclude(_exit.Kept);
        }
    }

    public void Dispose()
    {
        _room.Dispose();
        _exit.Dispose();
    }

    private async ValueTask ProgressAsync(ValueTask reading)
    {
        await reading.ConfigureAwait(false);
        Decide();
        await FlowAsync(1).ConfigureAwait(false);
        Settle();
    }

    private ValueTask ReadAsync(bool isEnd)
    {
        while (!_run.IsStopped && !_hasEnded)
        {
            if (_framing is LineFraming lines && _shapes.Next(lines) is { } known)
            {
                Take(known);
            }
            else if (!_framing.TryNext(isEnd, out var frame))
            {
                break;
            }
            else if (_shapes.Of(frame) is { } late)
            {
                Take(late);
            }
            else
            {
                var taking = TakeAsync(frame);
                if (!taking.IsCompletedSuccessfully)
                {
                    return ReadOnAsync(taking, isEnd);
                }

                taking.GetAwaiter().GetResult();
            }
        }

        if (_framing.Failure is { } failure)
        {
            _run.Fail(failure);
        }

        if (_framing.Pending + Waiting > _limits.MaxBodyBytes)
        {
            _run.Fail(FailureReasons.LimitExceeded);
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask ReadOnAsync(ValueTask taking, bool isEnd)
    {
        await taking.ConfigureAwait(false);
        await ReadAsync(isEnd).ConfigureAwait(false);
    }

    private async ValueTask EndTextsAsync()
    {
        _hasEnded = true;
        foreach (var call in _calls.Open)
        {
            await CompleteAsync(call).ConfigureAwait(false);
        }
    }

    private void Take(EventRun known)
    {
        _taken += known.Length;
        _lent.Add(known);
        _first.Begin(known);
        _first.Enqueue(known.Event);
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> frame)
    {
        _taken += frame.Length;
        var read = new LiveEvent { Raw = frame.ToArray() };
        if (_reader.IsDone(read.Raw))
        {
            _first.Enqueue(read);
            await EndTextsAsync().ConfigureAwait(false);
            return;
        }

        if (_reader.Read(read) is { } failure)
        {
            _run.Fail(failure);
            return;
        }

        var isText = IsText(read.Content);
        if (!isText)
        {
            _run.CheckUninspected(read.Content);
        }

        await _first.JudgeAsync(read).ConfigureAwait(false);
        foreach (var call in _calls.Take(read, _first))
        {
            await CompleteAsync(call).ConfigureAwait(false);
        }

        if (_run.IsStopped)
        {
            return;
        }

        // A comment tells clients that the connection lives; so does a ping, to clients that have seen the answer begin.
        read.MayOvertake = read.Pieces.Count == 0 && read.Calls.Count == 0 && MayOvertake(read);
        _first.Enqueue(read);
        if (isText && _learnsShapes)
        {
            _shapes.Learn(read);
        }
    }

    private async ValueTask CompleteAsync(LiveCall call)
    {
        if (!_run.IsStopped && await _calls.CompleteAsync(call, _first).ConfigureAwait(false) is { } failure)
        {
            _run.Fail(failure);
        }
    }

    private bool MayOvertake(LiveEvent read) => read.Frame is { } frame
        ? _exit.HasBegun && JsonPing.IsCarriedBy(frame)
        : _form == StreamForm.Events && !read.IsEmpty && (Gates.IsEmpty || KeepAlive.Is(read.Content));

    /// <summary>Has the entries of the first step decide what they can, and lets go on what is decided.</summary>
    private void Decide()
    {
        _first.Advance(_hasEnded);
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

        _lent.ForEach(static waiting => waiting.Keep());
        _lent.Clear();
        if (_first.HasOvertaking)
        {
            _first.TakeOvertaking().ForEach(_exit.Let);
        }
    }

    private void LetOut(EventRun known)
    {
        _exit.Let(known);
        _first.Forget(known);
        known.Leave();
        if (known.IsOver)
        {
            _shapes.Return(known);
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
    private bool IsThrough(int step) => _hasEnded && Array.TrueForAll(_steps[..step], static s => !s.IsHolding);

    private void Settle()
    {
        if (!_run.IsStopped && !_room.TryHold(_framing.Pending + Waiting + Output.Count))
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

    private static bool IsText(GuardrailContent content)
    {
        foreach (var segment in content)
        {
            if (segment.Payload != PayloadKind.Text)
            {
                return false;
            }
        }

        return true;
    }
}

using LlmGuard.Execution;
using LlmGuard.Planning;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// The guard of one answer that arrives in pieces: reads events as their bytes come, has the entries judge them, and lets out each event once
/// nothing that still comes can change it. Used by one thread at a time.
/// </summary>
/// <remarks>
/// An event passes, in the order of the policy's entries: those of finite reach, the judges of whole text, those of finite reach after them; then
/// the way out. Each of these holds it as long as it must.
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
    private readonly KnownShapes _shapes = new();
    private readonly SpanPass _first;
    private readonly SpanPass? _last;
    private readonly List<LiveEvent> _lent = [];
    private readonly Queue<LiveEvent> _judged = [];
    private readonly StreamExit _exit;
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
        _first = new SpanPass(run, run.Plan.Spans, limits, aborted);
        Gate = run.Plan.Cadence is { } cadence ? new LiveGate(run, cadence) : null;
        _last = run.Plan.LastSpans is { } spans ? new SpanPass(run, spans, limits, aborted) : null;
        Aborted = aborted;
        _exit = new StreamExit(run, _reader, dialect, ending, limits, budget);
    }

    /// <summary>What may leave.</summary>
    public OutputBuffer Output => _exit.Output;

    /// <summary>What the judges of whole text hold; null when there are none.</summary>
    public LiveGate? Gate { get; }

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

    private bool IsThrough => _hasEnded && !_first.IsHolding && Gate is not { IsHolding: true };

    /// <summary>Takes bytes of the answer.</summary>
    public async ValueTask FeedAsync(ReadOnlyMemory<byte> bytes)
    {
        if (IsFinished || _hasEnded)
        {
            return;
        }

        _framing.Append(bytes.Span);
        await ReadAsync(isEnd: false).ConfigureAwait(false);
        await ProgressAsync().ConfigureAwait(false);
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
        await ProgressAsync().ConfigureAwait(false);
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
    public async ValueTask TakeVerdictsAsync(List<StageRun> verdicts)
    {
        foreach (var released in Gate!.Take(verdicts))
        {
            Pass(released);
        }

        if (_last is not null)
        {
            await PassLastAsync(_last).ConfigureAwait(false);
        }

        Settle();
    }

    /// <summary>Reads on in an answer that was cut, for what it says about the call. Nothing of it leaves.</summary>
    public void ReadOn(ReadOnlySpan<byte> bytes)
    {
        _framing.Append(bytes);
        while (!HasReadOn && _framing.TryNext(isEnd: false, out var frame))
        {
            HasReadOn = _reader.IsDone(frame.Span);
            if (!HasReadOn && _shapes.Of(frame.Span) is null)
            {
                HasReadOn = _reader.Read(frame.Span, new LiveEvent()) is not null;
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

    private async ValueTask ReadAsync(bool isEnd)
    {
        while (!_run.IsStopped && !_hasEnded && _framing.TryNext(isEnd, out var frame))
        {
            _taken += frame.Length;
            if (_shapes.Of(frame.Span) is { } shape)
            {
                Take(frame, shape);
            }
            else if (_reader.IsDone(frame.Span))
            {
                var done = _shapes.Next();
                done.Keep(frame.Span);
                _first.Enqueue(done);
                await EndTextsAsync().ConfigureAwait(false);
                return;
            }
            else
            {
                await TakeAsync(frame).ConfigureAwait(false);
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
    }

    private async ValueTask EndTextsAsync()
    {
        _hasEnded = true;
        foreach (var call in _calls.Open)
        {
            await CompleteAsync(call).ConfigureAwait(false);
        }
    }

    private void Take(ReadOnlyMemory<byte> frame, EventShape shape)
    {
        var held = _shapes.Next();
        held.Lend(frame);
        _lent.Add(held);
        held.Shape = shape;
        _first.Add(held, shape.Channel, shape.Part, shape.Text(frame.Span), segment: 0);
        _first.Enqueue(held);
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> frame)
    {
        var read = new LiveEvent();
        if (_reader.Read(frame.Span, read) is { } failure)
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
        if (isText && Gate is null && _exit.IsPlain)
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
        : _form == StreamForm.Events && !read.IsEmpty && (Gate is null || KeepAlive.Is(read.Content));

    /// <summary>Has the entries decide what they can, and lets out what is decided.</summary>
    private async ValueTask ProgressAsync()
    {
        _first.Advance(_hasEnded);
        while (_first.TryTake(out var decided))
        {
            ShowOrPass(decided);
        }

        // What has left is empty by now.
        foreach (var waiting in _lent)
        {
            waiting.KeepLent();
        }

        _lent.Clear();
        if (_first.HasOvertaking)
        {
            _first.TakeOvertaking().ForEach(Pass);
        }

        if (_last is not null)
        {
            await PassLastAsync(_last).ConfigureAwait(false);
        }

        Settle();
    }

    private void ShowOrPass(LiveEvent decided)
    {
        if (decided.Shape is { } shape)
        {
            _exit.Let(decided, shape);
            _first.Forget(decided);
            _shapes.Return(decided);
        }
        else if (Gate is null || decided.MayOvertake || Gate.Add(decided))
        {
            Pass(decided);
        }
    }

    /// <summary>Takes an event that the judges of whole text have let pass, or need not see.</summary>
    private void Pass(LiveEvent judged)
    {
        if (_last is null || judged.MayOvertake)
        {
            _exit.Let(judged);
        }
        else
        {
            _judged.Enqueue(judged);
        }
    }

    /// <summary>Has the entries of finite reach behind the judges decide what they can of what those have let pass.</summary>
    private async ValueTask PassLastAsync(SpanPass last)
    {
        while (!_run.IsStopped && _judged.TryDequeue(out var judged))
        {
            await last.JudgeAsync(judged).ConfigureAwait(false);
            foreach (var call in judged.Calls)
            {
                await last.JudgeAsync(call, isOver: call.Last == judged).ConfigureAwait(false);
            }

            if (!_run.IsStopped)
            {
                last.Enqueue(judged);
            }
        }

        last.Advance(isEnd: IsThrough && !_run.IsStopped);
        while (last.TryTake(out var decided))
        {
            _exit.Let(decided);
        }
    }

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

        var isThrough = IsThrough && _last is not { IsHolding: true };
        if (_run.IsStopped || isThrough)
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

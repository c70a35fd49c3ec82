using System.Text.Unicode;
using LlmGuard.Execution;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.AmazonEvents;
using LlmGuard.Http.Wire.Bodies;
using LlmGuard.Http.Wire.Encodings;
using LlmGuard.Planning;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// The guard of one answer that arrives in pieces: reads events as their bytes come, has the entries judge them, and lets out each event once
/// nothing that still comes can change it. Used by one thread at a time.
/// </summary>
internal sealed class StreamGuard : IDisposable
{
    // Each open text has its entries' scans behind it; no answer has that many.
    private const int MostChannels = 1024;
    private const int MostShapes = 4;
    private const int MostSpares = 64;

    private readonly StreamRun _run;
    private readonly PlanLimits _limits;
    private readonly IStreamFraming _framing;
    private readonly StreamForm _form;
    private readonly string? _requestDialect;
    private readonly JsonStreamState _state = new();
    private readonly StreamEventReader _reader;
    private readonly FramedEventReader _messages;
    private readonly LiveRoom _room;
    private readonly Dictionary<int, LiveChannel> _channels = [];
    private readonly Dictionary<int, LiveChannel> _paused = [];
    private readonly List<LiveChannel> _touched = [];
    private readonly Dictionary<AssembledText, LiveCall> _calls = [];
    private readonly List<EventShape> _shapes = [];
    private readonly Queue<LiveEvent> _queue = [];
    private readonly Stack<LiveEvent> _spare = [];
    private readonly KnownTexts _known = new();
    private readonly PartCopies _copies = new();
    private readonly LiveGate? _gate;
    private readonly Transcript? _transcript;
    private readonly LiveRestore? _restore;
    private readonly StreamEnding _ending;
    private readonly CancellationToken _aborted;
    private long _queued;
    private int _held;
    private int _overtaking;
    private int _thoughts;
    private bool _hasLeft;
    private bool _hasEnded;

    public StreamGuard(StreamRun run, string? dialect, StreamForm form, StreamEnding ending, PlanLimits limits, HeldBytesBudget budget, CancellationToken aborted)
    {
        _run = run;
        _limits = limits;
        _form = form;
        _requestDialect = dialect;
        _framing = IStreamFraming.Of(form);
        _reader = new StreamEventReader(_state, dialect, form == StreamForm.Events, limits);
        _messages = new FramedEventReader(_state, dialect, limits);
        _room = new LiveRoom(budget);
        _transcript = run.IsKept ? new Transcript(budget, limits.MaxBodyBytes) : null;
        _gate = run.Plan.Cadence is { } cadence ? new LiveGate(run, cadence) : null;
        _restore = run.Masks.CanRestore ? new LiveRestore(run.Masks) : null;
        _ending = ending;
        _aborted = aborted;
    }

    /// <summary>What may leave.</summary>
    public OutputBuffer Output { get; } = new();

    /// <summary>What the judges of whole text hold; null when there are none.</summary>
    public LiveGate? Gate => _gate;

    /// <summary>Whether nothing more will come into <see cref="Output"/>.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Why the answer goes no further, or null.</summary>
    public Refusal? Refusal { get; private set; }

    public TimeProvider Time => _run.Time;

    /// <summary>The usage the provider reported so far.</summary>
    public TokenUsage? Usage => _reader.Facts.Usage ?? _messages.Facts.Usage;

    /// <summary>Whether events wait for a decision.</summary>
    public bool IsHolding => _queue.Count > 0 || _framing.Pending > 0 || _restore is { IsHolding: true };

    /// <summary>Takes bytes of the answer.</summary>
    public async ValueTask FeedAsync(ReadOnlyMemory<byte> bytes)
    {
        if (IsFinished || _hasEnded)
        {
            return;
        }

        _framing.Append(bytes.Span);
        await ReadAsync(isEnd: false).ConfigureAwait(false);
        Progress(isEnd: false);
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
    }

    /// <summary>Whether the answer has come to its end, or to where clients stop reading.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Takes the verdicts on what was shown to the judges of whole text.</summary>
    public void TakeVerdicts(List<StageRun> verdicts)
    {
        foreach (var released in _gate!.Take(verdicts))
        {
            Emit(released);
        }

        Settle();
    }

    public void Dispose()
    {
        _room.Dispose();
        _transcript?.Dispose();
    }

    /// <summary>Makes the decision of a stream that was given up before it came to its end.</summary>
    public void GiveUp()
    {
        if (!IsFinished)
        {
            IsFinished = true;
            Conclude();
        }
    }

    private async ValueTask ReadAsync(bool isEnd)
    {
        while (!_run.IsStopped && !_hasEnded && _framing.TryNext(isEnd, out var frame))
        {
            if (TakeKnownShape(frame.Span))
            {
                continue;
            }

            if (_form == StreamForm.Events && IsDone(frame.Span))
            {
                // Clients stop reading here; nothing that a server sends after it is an answer to them.
                _queue.Enqueue(Held(frame.Span));
                await EndTextsAsync().ConfigureAwait(false);
                return;
            }

            await TakeAsync(frame).ConfigureAwait(false);
        }

        if (_framing.Failure is { } failure)
        {
            _run.Fail(failure);
        }

        if (_framing.Pending + _queued > _limits.MaxBodyBytes)
        {
            _run.Fail(FailureReasons.LimitExceeded);
        }
    }

    private async ValueTask EndTextsAsync()
    {
        _hasEnded = true;
        foreach (var call in _calls.Values.ToArray())
        {
            await CompleteAsync(call).ConfigureAwait(false);
        }

        Progress(isEnd: true);
    }

    private bool TakeKnownShape(ReadOnlySpan<byte> frame)
    {
        for (var i = 0; i < _shapes.Count; i++)
        {
            var shape = _shapes[i];
            if (shape.Channel.HasEnded || !shape.Fits(frame))
            {
                continue;
            }

            var text = shape.Text(frame);
            var held = Held(frame);
            held.Shape = shape;
            Add(held, shape.Channel, shape.Part, text, segment: 0);
            _queue.Enqueue(held);
            return true;
        }

        return false;
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> frame)
    {
        if (_form != StreamForm.AmazonEvents && !Utf8.IsValid(frame.Span))
        {
            _run.Fail(FailureReasons.Undecodable);
            return;
        }

        var read = new LiveEvent();
        read.Keep(frame.Span);
        _queued += read.Length;
        var builder = new GuardrailContentBuilder();
        var failed = _form switch
        {
            StreamForm.AmazonEvents => ReadMessage(read, builder),
            StreamForm.Array => ReadItem(read, builder),
            _ => ReadLines(read, builder),
        };
        if (failed is { } why)
        {
            _run.Fail(why.Reason ?? FailureReasons.Undecodable);
            return;
        }

        read.Content = builder.Build();
        var isKnown = await JudgeAsync(read).ConfigureAwait(false);
        AddPieces(read);
        await AddCallsAsync(read).ConfigureAwait(false);
        if (_run.IsStopped)
        {
            return;
        }

        // A comment tells clients that the connection lives; so does a ping, to clients that have seen the answer begin.
        read.MayOvertake = read.Pieces.Count == 0 && read.Calls.Count == 0 && MayOvertake(read);
        _overtaking += read.MayOvertake ? 1 : 0;
        _queue.Enqueue(read);
        if (isKnown && _gate is null && _transcript is null && _restore is null && _shapes.Count < MostShapes + 1 && EventShape.Of(read) is { } shape)
        {
            _shapes.Insert(0, shape);
            _shapes.RemoveRange(Math.Min(_shapes.Count, MostShapes), Math.Max(0, _shapes.Count - MostShapes));
        }
    }

    private BodyReadResult? ReadMessage(LiveEvent read, GuardrailContentBuilder segments)
    {
        _ = AmazonEventFrame.TryRead(read.Raw, AmazonEventFrame.MaxLength, out var frame);
        return _messages.ReadMessage(read.Raw, frame, 0, segments, read.Framed);
    }

    private BodyReadResult? ReadItem(LiveEvent read, GuardrailContentBuilder segments)
    {
        var item = ArrayFraming.ItemOf(read.Bytes);
        return item.Length == 0 ? null : _messages.ReadItem(item, read.Raw.AsMemory(item.Start, item.Length), segments, read.Framed);
    }

    private BodyReadResult? ReadLines(LiveEvent read, GuardrailContentBuilder segments)
    {
        var lines = Lines(read.Raw);
        read.IsEmpty = lines.Count == 0;
        if (read.IsEmpty)
        {
            return null;
        }

        var failed = _reader.Read(read.Raw, lines, segments, read.LineValues, out var carried);
        read.Frame = carried;
        return failed;
    }

    private List<SseLine> Lines(byte[] raw)
    {
        if (_form == StreamForm.Events)
        {
            var lines = SseLine.Split(raw);
            return lines.TrueForAll(static line => line.Field == SseField.End) ? [] : lines;
        }

        return [.. JsonLines.Split(raw).Select(SseLine.OfJson)];
    }

    private bool MayOvertake(LiveEvent read) => read.Frame is { } frame
        ? _hasLeft && IsPing(frame)
        : _form == StreamForm.Events && !read.IsEmpty && (_gate is null || KeepAlive.Is(read.Content));

    /// <summary>Has the entries judge the texts of an event that stand in it as a whole. True when all of it is text.</summary>
    private async ValueTask<bool> JudgeAsync(LiveEvent read)
    {
        var isText = true;
        foreach (var segment in read.Content)
        {
            isText &= segment.Payload == PayloadKind.Text;
        }

        if (!isText)
        {
            _run.CheckUninspected(read.Content);
        }

        var whole = read.Content.Where(_known, static (known, segment) => IsWhole(segment) && !known.Has(segment));
        if (whole.Count > 0 && !_run.IsStopped)
        {
            read.Edits = (await _run.JudgeAsync(whole, _aborted).ConfigureAwait(false)).Edits;
            if (read.Edits.Length == 0 && !_run.IsStopped)
            {
                _known.Add(whole);
            }
        }

        return isText;
    }

    // A piece of a text that no dialect describes may also be a text of its own, so it is judged both ways.
    private static bool IsWhole(Segment segment) =>
        segment.Payload == PayloadKind.Text && (segment.Data.Info.Join < JsonStreamState.FirstJoin || segment.Kind == SegmentKind.Unknown);

    private void AddPieces(LiveEvent read)
    {
        foreach (var segment in read.Content)
        {
            var join = segment.Payload == PayloadKind.Text ? segment.Data.Info.Join : -1;
            if (join < JsonStreamState.FirstJoin)
            {
                continue;
            }

            if (!_channels.TryGetValue(join, out var channel))
            {
                if (_channels.Count == MostChannels)
                {
                    _run.Fail(FailureReasons.LimitExceeded);
                    return;
                }

                _channels.Add(join, channel = Open(join, segment.Data.Info));
            }

            Add(read, channel, _copies.PartOf(segment.Data.Info), segment.Utf8.Span, segment.Index);
            if (_copies.Count > MostChannels)
            {
                _run.Fail(FailureReasons.LimitExceeded);
                return;
            }
        }
    }

    private void Add(LiveEvent read, LiveChannel channel, PartText? part, ReadOnlySpan<byte> text, int segment)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var start = channel.Chain.Length;
        channel.Append(text, part);
        read.Pieces.Add(new LivePiece(channel, start, text.Length, segment, channel.Run));
        Touch(channel);
        EndThoughts(channel.Info);
    }

    private LiveChannel Open(int join, in SegmentInfo info)
    {
        _thoughts += info.Kind == SegmentKind.Reasoning ? 1 : 0;
        var chain = _run.Open(info);
        if (!_paused.Remove(join, out var before))
        {
            return new LiveChannel(chain, info with { Join = -1 });
        }

        chain.Append(before.Tail);
        return new LiveChannel(chain, before.Info, before.Tail.Length) { Context = before.Context };
    }

    private void Touch(LiveChannel channel)
    {
        if (!channel.IsTouched)
        {
            channel.IsTouched = true;
            _held -= channel.HeldBefore;
            _touched.Add(channel);
        }
    }

    /// <summary>What else a call consists of (its name) is complete with its arguments; more of it begins another call.</summary>
    private void EndTextsOf(SegmentPosition call)
    {
        foreach (var (join, channel) in _channels)
        {
            if (channel.Info.Kind == SegmentKind.ToolCall && channel.Info.Position == call)
            {
                channel.HasEnded = true;
                Touch(channel);
                _channels.Remove(join);
            }
        }
    }

    private async ValueTask AddCallsAsync(LiveEvent read)
    {
        foreach (var text in _state.TakeTouched())
        {
            if (!_calls.TryGetValue(text, out var call))
            {
                _calls.Add(text, call = new LiveCall(text));
                EndThoughts(new SegmentInfo { Kind = SegmentKind.ToolCall, Position = text.Position });
            }

            read.Calls.Add(call);
            if (text.IsClosed)
            {
                await CompleteAsync(call).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask CompleteAsync(LiveCall call)
    {
        _calls.Remove(call.Text);
        if (_run.IsStopped)
        {
            return;
        }

        var builder = new GuardrailContentBuilder();
        var status = call.Text.Complete(builder);
        if (status != JsonLocateStatus.Ok)
        {
            _run.Fail(JsonBodyReader.FailureOf(status, JsonDirection.StreamEvent).Reason);
            return;
        }

        call.Edits = await _run.JudgeAsync(builder.Build(), _aborted).ConfigureAwait(false);
        EndTextsOf(call.Text.Position);
    }

    /// <summary>Has the entries decide what they can, and lets out what is decided.</summary>
    private void Progress(bool isEnd)
    {
        if (isEnd)
        {
            foreach (var channel in _channels.Values)
            {
                channel.HasEnded = true;
                Touch(channel);
            }
        }

        foreach (var channel in _touched)
        {
            if (!channel.TryAdvance(_run))
            {
                _run.Fail(FailureReasons.MaskNotApplicable);
            }

            channel.IsTouched = false;
            channel.HeldBefore = channel.Chain.Held;
            _held += channel.HeldBefore;
        }

        _touched.Clear();
        if (_held > _limits.MaxHeldBytes && !_run.IsStopped)
        {
            _run.Fail(FailureReasons.LimitExceeded);
        }

        // Also once stopped: what stands before the place where it stops is decided, and was so whatever comes after it.
        while (_queue.TryPeek(out var next) && next.IsDecided)
        {
            _queue.Dequeue();
            _overtaking -= next.MayOvertake ? 1 : 0;
            Decide(next);
        }

        Overtake();
        Settle();
    }

    /// <summary>Lets out what need not wait for the text before it.</summary>
    private void Overtake()
    {
        if (_overtaking == 0)
        {
            return;
        }

        for (var count = _queue.Count; count > 0; count--)
        {
            var next = _queue.Dequeue();
            if (next.MayOvertake)
            {
                Decide(next);
            }
            else
            {
                _queue.Enqueue(next);
            }
        }

        _overtaking = 0;
    }

    /// <summary>
    /// Where a model goes over from thinking to anything else its thoughts are over, or all that follows would wait for more of them. Should there
    /// be more after all, they are scanned with the end of those before; a match across, whose beginning has left, ends the answer.
    /// </summary>
    private void EndThoughts(in SegmentInfo next)
    {
        if (_thoughts == 0 || next.Kind == SegmentKind.Reasoning || next.Kind == SegmentKind.Unknown)
        {
            return;
        }

        foreach (var (join, channel) in _channels)
        {
            if (channel.Info.Kind == SegmentKind.Reasoning && channel.Info.Position.Choice == next.Position.Choice)
            {
                channel.HasEnded = true;
                Touch(channel);
                _channels.Remove(join);
                _paused[join] = channel;
                _thoughts--;
            }
        }
    }

    private void Decide(LiveEvent next)
    {
        if (next.Shape is not null)
        {
            Emit(next);
            return;
        }

        next.Edits = LiveEdits.Of(next, _copies);
        Forget(next);

        if (_gate is null || next.MayOvertake || _gate.Add(next))
        {
            Emit(next);
        }
    }

    /// <summary>Lets an event out.</summary>
    private void Emit(LiveEvent released)
    {
        if (released.Shape is { } shape)
        {
            _queued -= released.Length;
            EmitShape(released, shape);
            return;
        }

        _transcript?.Add(released);
        if (_restore is null || _restore.Add(released))
        {
            Write(released);
        }

        WriteRestored();
    }

    private void WriteRestored()
    {
        while (_restore is not null && _restore.TryTake(out var restored))
        {
            Write(restored);
        }
    }

    private void Write(LiveEvent released)
    {
        _queued -= released.Length;
        if (LiveEdits.Rewrite(released) is not { } bytes)
        {
            _run.Fail(FailureReasons.MaskNotApplicable);
            return;
        }

        Output.Write(bytes.Span);
        _hasLeft |= released.Frame is not null || released.Framed.Count > 0;
        foreach (var piece in released.Framed)
        {
            if (piece.Json is not null)
            {
                _ending.Saw(_requestDialect, piece.Text.Span);
            }
        }

        if (released.Frame is { Json: not null } frame)
        {
            _ending.Saw(_reader.Dialect, frame.Text.Span);
        }
    }

    private void EmitShape(LiveEvent released, EventShape shape)
    {
        var piece = released.Pieces[0];
        if (piece.Channel.Chain.Edits.Count == 0)
        {
            Output.Write(released.Bytes);
        }
        else
        {
            var edits = new List<TextEdit>();
            piece.AddEdits(edits);
            if (edits.Count == 0)
            {
                Output.Write(released.Bytes);
            }
            else if (shape.Rewrite(released.Raw.AsMemory(0, released.Length), edits) is { } bytes)
            {
                _state.SetEdited(piece.Channel.Info.Position.Choice, piece.Channel.Info.Position.Block, piece.Channel.Info.Kind == SegmentKind.Message);
                Output.Write(bytes);
            }
            else
            {
                _run.Fail(FailureReasons.MaskNotApplicable);
                return;
            }
        }

        Forget(released);
        released.Clear();
        if (_spare.Count < MostSpares)
        {
            _spare.Push(released);
        }
    }

    private void Forget(LiveEvent passed)
    {
        foreach (var piece in passed.Pieces)
        {
            piece.NoteEdits(_copies);
            piece.Channel.Chain.Forget(piece.Start + piece.Length);
        }
    }

    private void Settle()
    {
        if (!_run.IsStopped && !_room.TryHold(_framing.Pending + _queued + Output.Count))
        {
            _run.FailForRoom();
        }

        if (IsFinished)
        {
            return;
        }

        if (_run.IsStopped || (_hasEnded && _queue.Count == 0 && _gate is not { IsHolding: true }))
        {
            _restore?.End();
            WriteRestored();
        }

        if (_run.IsStopped)
        {
            IsFinished = true;
            Refusal = Conclude().Refusal;
            Output.Write(_ending.Write(_reader.Dialect, Refusal!));
        }
        else if (_hasEnded && _queue.Count == 0 && _gate is not { IsHolding: true })
        {
            IsFinished = true;
            Conclude();
        }
    }

    private GuardrailDecision Conclude() => _run.Conclude(_transcript is null ? null : _transcript.ToContent());

    private LiveEvent Held(ReadOnlySpan<byte> frame)
    {
        var held = _spare.TryPop(out var spare) ? spare : new LiveEvent();
        held.Keep(frame);
        _queued += frame.Length;
        return held;
    }

    private static bool IsDone(ReadOnlySpan<byte> frame) => frame.StartsWith("data:"u8) && frame[5..].Trim(" \t\r\n"u8).SequenceEqual("[DONE]"u8);

    private static bool IsPing(StreamFrame frame) => frame.Json is { SegmentCount: 0 } && frame.Text.Length <= 64 && JsonPing.Is(frame.Text.Span);
}

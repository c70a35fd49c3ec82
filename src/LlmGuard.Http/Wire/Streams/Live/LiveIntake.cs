using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Http.Wire.Streams.Live.Shapes;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// The way into a stream's guard: cuts what arrives into events, reads each, and lines it up before the first pass. Used by one thread at a time.
/// </summary>
/// <param name="run">The stream's judgement.</param>
/// <param name="form">How the stream is framed.</param>
/// <param name="framing">Cuts it into events.</param>
/// <param name="reader">Reads events.</param>
/// <param name="first">The first pass.</param>
/// <param name="exit">The stream's way out.</param>
/// <param name="hasGates">Whether judges of whole text see the events too.</param>
/// <param name="learnsShapes">Whether events that look alike may pass without being read one by one.</param>
internal sealed class LiveIntake(StreamRun run, StreamForm form, IStreamFraming framing, LiveEventReader reader,
    SpanPass first, StreamExit exit, bool hasGates, bool learnsShapes)
{
    // Of what stays where it arrived the bytes between stay too, whether anything waits in them or not.
    private const int MostKept = 64 * 1024;

    private readonly ByteQueue _bytes = framing.Bytes;
    private readonly LiveCalls _calls = new(reader.State);
    private readonly KnownShapes _shapes = new(run, run.Plan.Steps[0].Spans, form);
    private readonly Queue<EventRun> _waiting = [];

    /// <summary>Bytes of all events so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Bytes that belong to no complete event yet.</summary>
    public int Pending => _bytes.Count;

    /// <summary>Whether the answer has come to its end, or to where clients stop reading.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether <see cref="ReadOn"/> has come to where clients stop reading, or to what nobody can read.</summary>
    public bool HasReadOn { get; private set; }

    /// <summary>Bytes of memory that what has come stands in, for tests that watch it.</summary>
    public int Room => _bytes.Room;

    public void Append(ReadOnlySpan<byte> bytes) => framing.Append(bytes);

    /// <summary>Reads the events that are there.</summary>
    /// <param name="isEnd">Whether nothing more comes.</param>
    public ValueTask ReadAsync(bool isEnd)
    {
        while (!run.IsStopped && !HasEnded)
        {
            if (_shapes.Next(framing) is { } known)
            {
                Take(known);
                if (Pending == 0)
                {
                    break;
                }
            }
            else if (!framing.TryNext(isEnd, out var frame))
            {
                break;
            }
            else if (_shapes.Of(frame, _bytes) is { } late)
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

        if (framing.Failure is { } failure)
        {
            run.Fail(failure);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Takes bytes that come as most of an answer does: one event in one read, like the one before it, while nothing else waits. It goes on where
    /// that one does, without any of what is to be thought of where one thing meets another. Null where they have to be read as ever; they are only
    /// appended then.
    /// </summary>
    public EventRun? TakeOneMore(ReadOnlySpan<byte> bytes)
    {
        // Looked at where they are, if all of the event is: what has just been copied is slow to look at.
        var isBetween = framing.IsBetween;
        if (!isBetween)
        {
            framing.Append(bytes);
            bytes = framing.Untouched;
        }

        var known = first.OnlyRun;
        if ((known is null ? first.IsHolding : known.IsMoved || !known.MayGoOn)
            || run.IsStopped || !_shapes.IsOneMore(framing, bytes, out var shape, out var found))
        {
            if (isBetween)
            {
                framing.Append(bytes);
            }

            return null;
        }

        if (isBetween)
        {
            framing.Append(bytes);
        }

        framing.Take(found.Length);
        if (known is null)
        {
            known = _shapes.Begin(shape);
            known.Add(bytes, found);
            known.Close(_bytes);
            Take(known);
        }
        else
        {
            known.GoOn(bytes, found);
            Taken += found.Length;
            NoteUsage(known);
        }

        return known;
    }

    /// <summary>Says that nothing more comes: what was to be assembled is complete.</summary>
    public async ValueTask EndAsync()
    {
        HasEnded = true;
        foreach (var call in _calls.Open)
        {
            await CompleteAsync(call).ConfigureAwait(false);
        }
    }

    /// <summary>Reads on in an answer that was cut, for what it says about the call. Nothing of it leaves.</summary>
    public void ReadOn(ReadOnlySpan<byte> bytes)
    {
        _bytes.Keep(_bytes.Taken);
        framing.Append(bytes);
        while (!HasReadOn && framing.TryNext(isEnd: false, out var frame))
        {
            HasReadOn = reader.IsDone(frame.Span);
            if (!HasReadOn)
            {
                HasReadOn = reader.Read(new LiveEvent { Raw = frame.ToArray() }) is not null;
            }
        }

        HasReadOn |= framing.Failure is not null;
    }

    /// <summary>Has the bytes stay that events wait in: what comes next is written behind them.</summary>
    public void KeepWaiting()
    {
        if (!_waiting.TryPeek(out var oldest))
        {
            _bytes.Keep(_bytes.Taken);
            return;
        }

        KeepWaiting(oldest);
    }

    private void KeepWaiting(EventRun oldest)
    {
        if (_bytes.Taken - oldest.Start > MostKept)
        {
            MoveWaiting();
            _bytes.Keep(_bytes.Taken);
        }
        else
        {
            _bytes.Keep(oldest.Start);
        }
    }

    // Comments overtake them without end, or they are many.
    private void MoveWaiting()
    {
        var moved = new ByteQueue();
        while (_waiting.TryDequeue(out var waiting))
        {
            waiting.MoveTo(moved);
        }

        moved.Take(moved.Count);
    }

    /// <summary>Gives memory back: nothing more comes.</summary>
    public void Release() => framing.Release();

    /// <summary>Takes back events that have left, which they do in the order in which they came.</summary>
    public void Return(EventRun left)
    {
        if (!left.IsMoved)
        {
            _waiting.Dequeue();
        }

        _shapes.Return(left);
    }

    private async ValueTask ReadOnAsync(ValueTask taking, bool isEnd)
    {
        await taking.ConfigureAwait(false);
        await ReadAsync(isEnd).ConfigureAwait(false);
    }

    private void Take(EventRun known)
    {
        Taken += known.Length;
        NoteUsage(known);
        _waiting.Enqueue(known);
        first.Begin(known);
        first.Enqueue(known.Event);
    }

    private void NoteUsage(EventRun known)
    {
        if (known.Shape.TellsUsage)
        {
            reader.NoteUsage(known.Shape, known.Latest);
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> frame)
    {
        Taken += frame.Length;
        var read = new LiveEvent { Raw = frame.ToArray() };
        if (reader.IsDone(read.Raw))
        {
            first.Enqueue(read);
            await EndAsync().ConfigureAwait(false);
            return;
        }

        if (reader.Read(read) is { } failure)
        {
            run.Fail(failure);
            return;
        }

        var isText = IsText(read.Content);
        if (!isText)
        {
            run.CheckUninspected(read.Content);
        }

        await first.JudgeAsync(read).ConfigureAwait(false);
        foreach (var call in _calls.Take(read, first))
        {
            await CompleteAsync(call).ConfigureAwait(false);
        }

        if (run.IsStopped)
        {
            return;
        }

        // A comment tells clients that the connection lives; so does a ping, to clients that have seen the answer begin.
        read.MayOvertake = read.Pieces.Count == 0 && read.Calls.Count == 0 && MayOvertake(read);
        first.Enqueue(read);
        if (isText && learnsShapes)
        {
            _shapes.Learn(read);
        }
    }

    private async ValueTask CompleteAsync(LiveCall call)
    {
        if (!run.IsStopped && await _calls.CompleteAsync(call, first).ConfigureAwait(false) is { } failure)
        {
            run.Fail(failure);
        }
    }

    private bool MayOvertake(LiveEvent read) => read.Frames is [LineFrame frame]
        ? exit.HasBegun && JsonPing.IsCarriedBy(frame)
        : form == StreamForm.Events && !read.IsEmpty && (!hasGates || KeepAlive.Is(read.Content));

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

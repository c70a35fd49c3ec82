using LlmGuard.Execution.Edits;
using LlmGuard.Http.Json;
using LlmGuard.Http.Wire.Streams.Live.Shapes;
using LlmGuard.Planning;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// One pass of entries of finite reach over the events of a stream, in their order: each waits while what still comes can change it. Of an event
/// they see what was left of it before the pass. Used by one thread at a time.
/// </summary>
/// <remarks>
/// There is one line for all texts, although a client that follows one choice would not mind those of another overtaking: that events keep their
/// order is promised (S3), numbers of events and usage refer to it, and which choices a server sends side by side no dialect says beforehand.
/// </remarks>
/// <param name="run">The stream's judgement.</param>
/// <param name="entries">The entries.</param>
/// <param name="number">Number of the step.</param>
/// <param name="limits">The plan's limits.</param>
/// <param name="aborted">Cancelled when the caller gives the answer up.</param>
internal sealed class SpanPass(StreamRun run, SpanEntries entries, int number, PlanLimits limits, CancellationToken aborted)
{
    private readonly LiveChannels _channels = new(run, entries);
    private readonly KnownTexts _known = new();
    private readonly PartCopies _copies = new();
    private readonly Queue<LiveEvent> _waiting = [];
    private int _overtaking;

    /// <summary>Whether events wait.</summary>
    public bool IsHolding => _waiting.Count > 0;

    /// <summary>The run of events that waits where nothing else does; else null.</summary>
    public EventRun? OnlyRun => _waiting.Count == 1 ? _waiting.Peek().Run : null;

    /// <summary>Has the entries judge the texts of an event that stand in it as a whole, and takes its pieces of others.</summary>
    public async ValueTask JudgeAsync(LiveEvent read)
    {
        read.Pieces.Clear();
        read.WholeEdits = [];
        var content = read.Current;
        var whole = content.Where(_known, static (known, segment) => IsWhole(segment) && !known.Has(segment));
        if (whole.Count > 0 && !run.IsStopped)
        {
            if (entries.AsksOnly)
            {
                read.Asked.AddRange(await run.AskAsync(entries, whole, aborted).ConfigureAwait(false));
            }
            else
            {
                read.WholeEdits = (await run.JudgeAsync(entries, whole, aborted).ConfigureAwait(false)).Edits;
            }

            if (!run.IsStopped && (entries.AsksOnly ? read.Asked.Count : read.WholeEdits.Length) == 0)
            {
                _known.Add(whole);
            }
        }

        if (read.Ended is { } ended)
        {
            foreach (var part in _copies.At(ended))
            {
                _channels.EndPart(part);
            }
        }

        AddPieces(read, content);
    }

    /// <summary>Has the entries judge a text that was assembled; what belongs to it is over unless more of it waits before the pass.</summary>
    public async ValueTask JudgeAsync(LiveCall call, bool isOver)
    {
        if (!call.IsJudgedBy(number))
        {
            // Where the answer stops none of its pieces leaves: they wait in events before that place.
            if (entries.AsksOnly)
            {
                var asked = await run.AskAsync(entries, call.Edits!.Current, aborted).ConfigureAwait(false);
                if (run.IsStopped)
                {
                    return;
                }

                call.Take(number, asked);
            }
            else
            {
                var judged = await run.JudgeAsync(entries, call.Edits!.Current, aborted).ConfigureAwait(false);
                if (run.IsStopped)
                {
                    return;
                }

                call.Take(number, judged);
            }
        }

        if (isOver)
        {
            _channels.EndCall(call.Text.Position);
        }
    }

    /// <summary>Takes note that something else begins, which ends a model's thoughts.</summary>
    public void Begin(in SegmentInfo next) => _channels.EndThoughts(next);

    /// <summary>Takes a piece of an event.</summary>
    public void Add(LiveEvent read, LiveChannel channel, PartText? part, ReadOnlySpan<byte> text, int segment)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (part is not null)
        {
            _channels.Begin(channel, part);
        }

        var start = channel.Chain.Length;
        channel.Append(text, part);
        read.Pieces.Add(new LivePiece(channel, start, text.Length, segment, channel.Run));
        _channels.Touch(channel);
        _channels.EndThoughts(channel.Info);
    }

    /// <summary>Begins with the events of a run, whose text goes straight on.</summary>
    public void Begin(EventRun known)
    {
        var channel = known.Shape.Channel;
        _channels.Touch(channel);
        _channels.EndThoughts(channel.Info);
    }

    /// <summary>Lines an event up, behind those before it.</summary>
    public void Enqueue(LiveEvent read)
    {
        _overtaking += read.MayOvertake ? 1 : 0;
        _waiting.Enqueue(read);
    }

    /// <summary>Has the entries decide what they can.</summary>
    /// <param name="isEnd">Whether nothing more will come.</param>
    public void Advance(bool isEnd)
    {
        if (isEnd)
        {
            _channels.EndAll();
        }

        Check(_channels.TryAdvance());
    }

    /// <summary>Has the entries decide what they can where one run of events is all that waits, to which something was added.</summary>
    /// <returns>Whether any of it is decided.</returns>
    public bool Advance(EventRun only)
    {
        Check(_channels.TryAdvance(only.Shape.Channel));
        if (!only.TryDecide())
        {
            return false;
        }

        if (only.IsDecided)
        {
            _waiting.Dequeue();
        }

        return true;
    }

    private void Check(bool isInTime)
    {
        if (!isInTime)
        {
            run.Fail(FailureReasons.MaskNotApplicable);
        }

        if (_channels.Held > limits.MaxHeldBytes && !run.IsStopped)
        {
            run.Fail(FailureReasons.LimitExceeded);
        }
    }

    /// <summary>
    /// Takes the next event that is decided: also once the stream is stopped, since what stands before the place where it stops was decided
    /// whatever comes after it.
    /// </summary>
    public bool TryTake(out LiveEvent decided)
    {
        if (!_waiting.TryPeek(out decided!))
        {
            return false;
        }

        if (decided.Run is { } known)
        {
            if (!known.TryDecide())
            {
                return false;
            }

            if (known.IsDecided)
            {
                _waiting.Dequeue();
            }

            return true;
        }

        if (!decided.IsDecided)
        {
            return false;
        }

        _waiting.Dequeue();
        _overtaking -= decided.MayOvertake ? 1 : 0;
        if (!entries.AsksOnly || decided.MayOvertake)
        {
            Decide(decided);
        }

        return true;
    }

    /// <summary>Whether events wait that need not wait for the text before them.</summary>
    public bool HasOvertaking => _overtaking > 0;

    /// <summary>Takes those.</summary>
    public List<LiveEvent> TakeOvertaking()
    {
        var overtaking = new List<LiveEvent>(_overtaking);
        for (var count = _waiting.Count; count > 0; count--)
        {
            var next = _waiting.Dequeue();
            if (next.MayOvertake)
            {
                Decide(next);
                overtaking.Add(next);
            }
            else
            {
                _waiting.Enqueue(next);
            }
        }

        _overtaking = 0;
        return overtaking;
    }

    /// <summary>Lets go of what events of a run that have left were waiting for.</summary>
    public void Forget(EventRun known)
    {
        if (known.HasEdits)
        {
            ForgetEdits(known.Piece);
        }
    }

    private void ForgetEdits(in LivePiece piece)
    {
        if (piece.Length > 0)
        {
            piece.NoteEdits(_copies);
        }

        piece.Forget();
    }

    private void Forget(LiveEvent passed)
    {
        foreach (var piece in passed.Pieces)
        {
            piece.NoteEdits(_copies);
            piece.Forget();
        }
    }

    // A piece of a text that no dialect describes may also be a text of its own, so it is judged both ways.
    private static bool IsWhole(Segment segment) =>
        segment.Payload == PayloadKind.Text && (segment.Data.Info.Join < JsonStreamState.FirstJoin || segment.Kind == SegmentKind.Unknown);

    private void AddPieces(LiveEvent read, GuardrailContent content)
    {
        foreach (var segment in content)
        {
            if (segment.Payload != PayloadKind.Text || segment.Data.Info.Join < JsonStreamState.FirstJoin)
            {
                continue;
            }

            if (_channels.Of(segment.Data.Info) is not { } channel)
            {
                run.Fail(FailureReasons.LimitExceeded);
                return;
            }

            Add(read, channel, _copies.PartOf(segment.Data.Info), segment.Utf8.Span, segment.Index);
            if (_copies.Count > LiveChannels.Most)
            {
                run.Fail(FailureReasons.LimitExceeded);
                return;
            }
        }
    }

    /// <summary>Carries out the edits of an event: also those that were only asked for, now that the judges beside have let it pass.</summary>
    public void Decide(LiveEvent next)
    {
        if (entries.AsksOnly)
        {
            next.WholeEdits = AskedEdit.CarryOut(next.Asked, next.Current, run.Masks);
            next.Asked.Clear();
            next.Calls.ForEach(call => call.CarryOut(run.Masks));
        }

        next.Apply(LiveEdits.Of(next, _copies));
        Forget(next);
    }
}

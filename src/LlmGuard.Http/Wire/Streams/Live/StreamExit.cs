using System.Buffers;
using LlmGuard.Execution.Background;
using LlmGuard.Http.Wire.Streams.Live.Framing;
using LlmGuard.Http.Wire.Streams.Live.Shapes;
using LlmGuard.Planning;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>
/// The way out of a stream: what leaves is kept for those who read it afterwards, gets its originals back, has its edits carried out, and is noted
/// for the words that may have to end it.
/// </summary>
internal sealed class StreamExit : IDisposable
{
    private readonly StreamRun _run;
    private readonly LiveEventReader _reader;
    private readonly Transcript? _transcript;
    private readonly LiveRestore? _restore;
    private readonly StreamEnding _ending;
    private readonly ArrayBufferWriter<byte> _last = new();
    private EventShape? _lastShape;

    public StreamExit(StreamRun run, LiveEventReader reader, StreamEnding ending, PlanLimits limits, HeldBytesBudget budget)
    {
        _run = run;
        _reader = reader;
        _ending = ending;
        _transcript = run.IsKept ? new Transcript(budget, limits.MaxBodyBytes) : null;
        _restore = run.Masks.CanRestore ? new LiveRestore(run.Masks) : null;
    }

    /// <summary>What may leave.</summary>
    public ByteQueue Output { get; } = new();

    /// <summary>Bytes of the events that have passed, as they came.</summary>
    public long Passed { get; private set; }

    /// <summary>Whether clients have seen the answer begin.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether text of the answer has passed, and not only what surrounds it.</summary>
    public bool HasText { get; private set; }

    /// <summary>Whether events wait here.</summary>
    public bool IsHolding => _restore is { IsHolding: true };

    /// <summary>Whether an event leaves as it was decided, and nobody reads it again.</summary>
    public bool IsPlain => _transcript is null && _restore is null;

    /// <summary>What left, or null when nobody reads it or it was too much to keep.</summary>
    public GuardrailContent? Kept => _transcript?.ToContent();

    /// <summary>Lets an event out.</summary>
    public void Let(LiveEvent released)
    {
        _transcript?.Add(released);
        if (_restore is null || _restore.Add(released))
        {
            Write(released);
        }

        WriteRestored();
    }

    /// <summary>Lets out what is decided of events of a known shape.</summary>
    public void Let(EventRun known)
    {
        Passed += known.Decided;
        HasText = true;
        if (!known.TryWrite(Output, out var isEdited))
        {
            _run.Fail(FailureReasons.MaskNotApplicable);
        }

        if (isEdited)
        {
            var info = known.Shape.Channel.Info;
            _reader.State.SetEdited(info.Position.Choice, info.Position.Block, info.Kind == SegmentKind.Message);
        }

        if (_lastShape != known.Shape || known.Shape.AreNumbered)
        {
            _last.ResetWrittenCount();
            _last.Write(known.Shape.Json(known.Last));
            _lastShape = known.Shape;
        }
    }

    /// <summary>Nothing more will come: lets out what waits for more.</summary>
    public void Finish()
    {
        _restore?.End();
        WriteRestored();
    }

    /// <summary>Ends an answer that goes no further in the words of its dialect.</summary>
    public void End(Refusal refusal)
    {
        NoteLast();
        Output.Write(_ending.Write(_reader.Dialect, refusal));
    }

    public void Dispose() => _transcript?.Dispose();

    private void WriteRestored()
    {
        while (_restore is not null && _restore.TryTake(out var restored))
        {
            Write(restored);
        }
    }

    private void Write(LiveEvent released)
    {
        Passed += released.Raw.Length;
        if (LiveEdits.Rewrite(released) is not { } bytes)
        {
            _run.Fail(FailureReasons.MaskNotApplicable);
            return;
        }

        NoteLast();
        Output.Write(bytes.Span);
        HasText = HasText || IsText(released);
        HasBegun |= released.Frames.Count > 0;
        foreach (var frame in released.Frames)
        {
            if (frame.Json is not null)
            {
                _ending.Saw(_reader.Dialect, frame.Text.Span);
            }
        }
    }

    private static bool IsText(LiveEvent released) => released.Pieces.Count > 0 || released.Calls.Count > 0
        || (released.Frames.Count > 0 && released.Content.Any(IsAnswer));

    // Who asked, and for what, is repeated at the start of some answers.
    private static bool IsAnswer(Segment segment) => segment.Kind != SegmentKind.Metadata && segment.Kind != SegmentKind.ToolDefinition
        && segment.Role != SegmentRole.System && segment.Role != SegmentRole.User;

    /// <summary>Of events that differ in next to nothing only the last is noted, and only once something else comes.</summary>
    private void NoteLast()
    {
        if (_last.WrittenCount > 0)
        {
            _ending.Saw(_reader.Dialect, _last.WrittenSpan);
            _last.ResetWrittenCount();
            _lastShape = null;
        }
    }
}

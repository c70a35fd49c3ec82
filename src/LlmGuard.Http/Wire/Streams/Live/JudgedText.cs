using System.Buffers;
using LlmGuard.Execution.Edits;
using LlmGuard.Masking;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>A text that judges of whole text are shown, and where each of its bytes stands.</summary>
/// <param name="Info">What is known about it.</param>
/// <param name="Context">Bytes at its start that have left before.</param>
internal sealed record JudgedText(SegmentInfo Info, int Context)
{
    private readonly List<Part> _parts = [];
    private readonly ArrayBufferWriter<byte> _text = new();
    private List<TextEdit> _edits = [];
    private int? _end;

    /// <summary>The text that goes on from event to event of which it is a stretch; null when it is there as a whole.</summary>
    public LiveChannel? Channel { get; init; }

    public ReadOnlyMemory<byte> Utf8 => _text.WrittenMemory;

    /// <summary>The text as it leaves, as far as it does.</summary>
    public ReadOnlyMemory<byte> Left
    {
        get
        {
            var left = Utf8[..(_end ?? Utf8.Length)];
            return _edits.Count == 0 ? left : ByteSplice.Apply(left.Span, _edits.ConvertAll(static e => new ByteSplice(e.Span, e.Utf8)));
        }
    }

    public void AddContext(ReadOnlySpan<byte> context) => _text.Write(context);

    /// <summary>Adds text that waits: of an event, or of an assembled call.</summary>
    /// <param name="segment">The text.</param>
    /// <param name="read">The event, or null.</param>
    /// <param name="call">The call, or null.</param>
    /// <param name="channel">The text that goes on of which it is a piece; null when it is there as a whole.</param>
    public void Add(Segment segment, LiveEvent? read, LiveCall? call, LiveChannel? channel = null)
    {
        _parts.Add(new Part(read, call, segment.Index, _text.WrittenCount, segment.Utf8.Length)
        {
            Run = channel?.JudgedRun,
            EndInText = channel?.Judged ?? 0,
        });
        _text.Write(segment.Utf8.Span);
    }

    /// <summary>Hands on what a judge asks for of this text; false when that touches what has left.</summary>
    public bool TryAsk(in AskedEdit asked)
    {
        var (span, replacement) = (asked.Edit.Span, asked.Edit.Replacement);
        if (span.Start < Context)
        {
            return false;
        }

        if (Channel?.Chain.Asked is { } onGoing)
        {
            onGoing.Add(asked.Entry, onGoing.Start + span.Start - Context, span.Length, replacement);
            return true;
        }

        var part = _parts[0];
        part.Ask(asked with { Edit = asked.Edit with { Segment = part.Segment } });
        return true;
    }

    /// <summary>
    /// Makes one of what is asked for of a stretch of a text that goes on, now that the judges have said what they ask for of it. It leaves as far
    /// as that is then carried out.
    /// </summary>
    public void Merge()
    {
        var asked = Channel!.Chain.Asked!;
        asked.Merge(asked.Start + Utf8.Length - Context);
        _end = Context;
    }

    /// <summary>Carries out what is asked for of the text up to an offset, which leaves.</summary>
    /// <param name="end">The offset in the text that goes on.</param>
    /// <param name="masks">What the call masks with.</param>
    public void CarryOut(long end, CallMasks masks)
    {
        var asked = Channel!.Chain.Asked!;
        var start = asked.Start;
        _end = Context + (int)(end - start);
        foreach (var edit in asked.Take(end))
        {
            // What goes on behind that is made of all of it, as far as it matters what that is.
            var at = Context + edit.Span.Start;
            var becomes = EditRendering.Render(edit, Utf8.Span.Slice(at, Math.Min(edit.Span.Length, Utf8.Length - at)), masks);
            var length = Math.Min(edit.Span.Length, _end.Value - at);
            Channel.Chain.Add(new DecidedEdit(start + edit.Span.Start, length, becomes));
            _edits.Add(new TextEdit(0, new TextSpan(at, length), becomes));
        }
    }

    /// <summary>Gives the edits of this text to what it is made of; false when one touches what has left.</summary>
    /// <param name="edits">Edits of this text, ascending and never overlapping.</param>
    /// <param name="copies">Gets what later copies of a part lose too.</param>
    public bool TryApply(List<TextEdit> edits, PartCopies copies)
    {
        if (edits.Exists(edit => edit.Span.Start < Context))
        {
            return false;
        }

        _edits = edits;
        foreach (var part in _parts)
        {
            var own = new List<TextEdit>();
            foreach (var edit in edits)
            {
                var from = Math.Max(edit.Span.Start, part.Start);
                var to = Math.Min(edit.Span.End, part.Start + part.Length);
                if (from < to)
                {
                    copies.Note(part.Run, part.InText(edit), part.EndInText);
                    own.Add(new TextEdit(part.Segment, new TextSpan(from - part.Start, to - from), edit.Span.Start >= part.Start
                        ? edit.Utf8
                        : default));
                }
            }

            if (own.Count > 0)
            {
                part.Apply([.. own]);
            }
        }

        return true;
    }

    /// <summary>The same with what it has to lose as a copy of a part: there the text that goes on says what takes the place.</summary>
    public bool TryApplyAsCopy(List<TextEdit> edits, PartCopies copies)
    {
        var all = new List<TextEdit>();
        if (_parts is [{ Event: { } read, Segment: var segment }])
        {
            copies.Replay(read.Current.At(segment), all);
        }

        if (all.Count > 0)
        {
            all.AddRange(edits.ConvertAll(edit => edit with { Segment = all[0].Segment }));
            edits = OverlappingEdits.Join(all);
        }

        return TryApply(edits, copies);
    }

    private readonly record struct Part(LiveEvent? Event, LiveCall? Call, int Segment, int Start, int Length)
    {
        /// <summary>The stretch of a part that it belongs to; null where there is none.</summary>
        public PartRun? Run { get; init; }

        /// <summary>Where it ends in the text that goes on, as far as the judges have been shown it.</summary>
        public long EndInText { get; init; }

        /// <summary>An edit of what is judged, as an edit of the text that goes on.</summary>
        public DecidedEdit InText(in TextEdit edit) => new(EndInText - Length - Start + edit.Span.Start, edit.Span.Length, edit.Utf8);

        public void Ask(in AskedEdit asked)
        {
            Event?.Asked.Add(asked);
            Call?.Ask(asked);
        }

        public void Apply(TextEdit[] edits)
        {
            Event?.Apply(edits);
            Call?.Edits!.Apply(edits);
        }
    }
}

using System.Buffers;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>A text that judges of whole text are shown, and where each of its bytes stands.</summary>
/// <param name="Info">What is known about it.</param>
/// <param name="Context">Bytes at its start that have left before.</param>
internal sealed record JudgedText(SegmentInfo Info, int Context)
{
    private readonly List<Part> _parts = [];
    private readonly ArrayBufferWriter<byte> _text = new();
    private List<TextEdit> _edits = [];

    public ReadOnlyMemory<byte> Utf8 => _text.WrittenMemory;

    /// <summary>The text as it leaves.</summary>
    public ReadOnlyMemory<byte> Left => _edits.Count == 0 ? Utf8 : ByteSplice.Apply(Utf8.Span, _edits.ConvertAll(static e => new ByteSplice(e.Span, e.Utf8)));

    public void AddContext(ReadOnlySpan<byte> context) => _text.Write(context);

    /// <summary>Adds text that waits: of an event, or of an assembled call.</summary>
    public void Add(Segment segment, LiveEvent? read, LiveCall? call)
    {
        _parts.Add(new Part(read, call, segment.Index, _text.WrittenCount, segment.Utf8.Length));
        _text.Write(segment.Utf8.Span);
    }

    /// <summary>Gives the edits of this text to what it is made of; false when one touches what has left.</summary>
    /// <param name="edits">Edits of this text, ascending and never overlapping.</param>
    public bool TryApply(List<TextEdit> edits)
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
                    own.Add(new TextEdit(part.Segment, new TextSpan(from - part.Start, to - from), edit.Span.Start >= part.Start ? edit.Utf8 : default));
                }
            }

            if (own.Count > 0)
            {
                part.Apply([.. own]);
            }
        }

        return true;
    }

    private readonly record struct Part(LiveEvent? Event, LiveCall? Call, int Segment, int Start, int Length)
    {
        public void Apply(TextEdit[] edits)
        {
            Event?.Apply(edits);
            Call?.Edits!.Apply(edits);
        }
    }
}

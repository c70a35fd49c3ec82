using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>A piece of a text that goes on from event to event, in one event.</summary>
/// <param name="Channel">The text.</param>
/// <param name="Start">Offset of the piece in it.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Segment">The piece's segment among the event's.</param>
/// <param name="Run">The stretch of a part it belongs to; null where the text has none.</param>
internal readonly record struct LivePiece(LiveChannel Channel, long Start, int Length, int Segment, PartRun? Run)
{
    public bool IsDecided => Channel.DecidedIn(Run) >= Start + Length;

    /// <summary>
    /// The edits of the text, and of its part by itself, that touch the piece, as edits of its segment: the replacement goes where the span's first
    /// byte is.
    /// </summary>
    public void AddEdits(List<TextEdit> edits)
    {
        if (Run?.Alone is not { Chain.Edits.Count: > 0 })
        {
            AddShares(Channel.Chain.Edits, edits, edits);
            return;
        }

        // What began in a piece before has its replacement there.
        var (alone, begun) = (new List<DecidedEdit>(), new List<TextEdit>());
        Run.AddEdits(alone);
        var continued = new List<TextEdit>();
        AddShares(Channel.Chain.Edits, continued, begun);
        AddShares(alone, continued, begun);
        edits.AddRange(OverlappingEdits.Join([.. continued, .. begun]));
    }

    /// <summary>Notes the edits of the text that touch the piece, for later copies of its part.</summary>
    public void NoteEdits(PartCopies copies)
    {
        foreach (var edit in Channel.Chain.Edits)
        {
            if (edit.Start < Start + Length && edit.End > Start)
            {
                copies.Note(Run, edit, Start + Length);
            }
        }
    }

    /// <summary>The piece has left: what was decided about it is not needed any more.</summary>
    public void Forget()
    {
        Channel.Chain.Forget(Start + Length);
        Run?.Forget(Start + Length);
    }

    private void AddShares(List<DecidedEdit> all, List<TextEdit> continued, List<TextEdit> begun)
    {
        foreach (var edit in all)
        {
            var from = Math.Max(edit.Start, Start);
            var to = Math.Min(edit.End, Start + Length);
            if (from < to)
            {
                var isBegun = edit.Start >= Start;
                (isBegun ? begun : continued).Add(new TextEdit(Segment, new TextSpan((int)(from - Start), (int)(to - from)), isBegun
                    ? edit.Utf8
                    : default));
            }
        }
    }
}

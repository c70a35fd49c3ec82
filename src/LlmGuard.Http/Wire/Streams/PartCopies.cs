using LlmGuard.Http.Json;
using LlmGuard.Streaming;

namespace LlmGuard.Http.Wire.Streams;

/// <summary>
/// The parts that texts of a stream are made of, and what was edited near where two of them meet. Later events repeat each part by itself, and
/// such a copy does not show a match of which it holds a half: those edits are made in it again. Used by one thread at a time.
/// </summary>
internal sealed class PartCopies
{
    private readonly Dictionary<(int Join, SegmentPosition Position), PartText> _parts = [];
    private readonly List<PartText> _edited = [];

    /// <summary>Parts known so far.</summary>
    public int Count => _parts.Count;

    /// <summary>Whether a text may have parts that are told apart: where no block is named, the places of its pieces only count them.</summary>
    public static bool HasParts(in SegmentInfo piece) =>
        piece.Join >= JsonStreamState.FirstJoin && piece.Position.Block >= 0 && piece.Kind != SegmentKind.Unknown;

    /// <summary>The parts that stand in a place.</summary>
    public IEnumerable<PartText> At(SegmentPosition place) => _parts.Values.Where(part => part.IsIn(place));

    /// <summary>The part that a piece of a text belongs to; null where the text has no parts.</summary>
    public PartText? PartOf(in SegmentInfo piece)
    {
        if (!HasParts(piece))
        {
            return null;
        }

        if (!_parts.TryGetValue((piece.Join, piece.Position), out var part))
        {
            _parts.Add((piece.Join, piece.Position), part = new PartText(piece.Kind, piece.Position));
        }

        return part;
    }

    /// <summary>Notes what an edit of a text takes from a part of it, up to a piece.</summary>
    /// <param name="run">The stretch of the part that the piece belongs to; null where the text has no parts.</param>
    /// <param name="edit">The edit, in the text. It touches the piece.</param>
    /// <param name="pieceEnd">Where the piece ends in the text.</param>
    public void Note(PartRun? run, in DecidedEdit edit, long pieceEnd)
    {
        // No event as long as that is ever read.
        if (run is null || run.Part.Length > int.MaxValue || !run.IsAtEdge(edit))
        {
            return;
        }

        if (run.Part.Edits.Count == 0)
        {
            _edited.Add(run.Part);
        }

        run.Part.Add(run.ShareOf(edit, pieceEnd));
    }

    /// <summary>Forgets the edits, for another set of them.</summary>
    public void Clear()
    {
        _edited.ForEach(static part => part.Edits.Clear());
        _edited.Clear();
    }

    /// <summary>Adds the edits noted to those of the segments that are copies of a part.</summary>
    public void Replay(GuardrailContent content, List<TextEdit> edits)
    {
        if (_edited.Count == 0)
        {
            return;
        }

        foreach (var segment in content)
        {
            Replay(segment, edits);
        }
    }

    /// <summary>Adds the edits noted to those of a segment that is a copy of a part.</summary>
    public void Replay(Segment segment, List<TextEdit> edits)
    {
        foreach (var part in _edited)
        {
            if (part.IsCopy(segment))
            {
                edits.AddRange(part.Edits.Select(edit => edit with { Segment = segment.Index }));
            }
        }
    }
}

using LlmGuard.Execution.Edits;
using LlmGuard.Http.Wire.Streams.Live.Shapes;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>One event of a stream between its arrival and its release.</summary>
internal sealed class LiveEvent
{
    private EditComposition? _final;
    private TextEdit[] _edits = [];

    /// <summary>The event as it came.</summary>
    public byte[] Raw { get; init; } = [];

    /// <summary>The texts it carries: none when that is nothing to judge, and several only in a binary message.</summary>
    public List<StreamFrame> Frames { get; } = [];

    /// <summary>The events of a known shape that stand in the place of one; null when it is one, read in full.</summary>
    public EventRun? Run { get; init; }

    /// <summary>Its segments.</summary>
    public GuardrailContent Content { get; set; } = GuardrailContent.Empty;

    /// <summary>The edits that the pass it is in makes of texts that stand in it as a whole.</summary>
    public TextEdit[] WholeEdits { get; set; } = [];

    /// <summary>What entries ask for of those, until others beside them have decided.</summary>
    public List<AskedEdit> Asked => field ??= [];

    /// <summary>All edits of its segments so far.</summary>
    public TextEdit[] Edits => _final?.Edits ?? _edits;

    /// <summary>Its content with these edits carried out. Not made while there are none.</summary>
    public GuardrailContent Current => _final is null && _edits.Length == 0 ? Content : Composed().Current;

    /// <summary>Where names, ids and comments stand.</summary>
    public Dictionary<int, TextSpan> LineValues { get; } = [];

    /// <summary>Its pieces of texts that go on, as the pass it is in sees them.</summary>
    public List<LivePiece> Pieces { get; } = [];

    /// <summary>Texts assembled from this event and others.</summary>
    public List<LiveCall> Calls { get; } = [];

    /// <summary>The part or block of which it says that no more comes; null when it says nothing of the kind.</summary>
    public SegmentPosition? Ended { get; set; }

    /// <summary>Whether it is an end of a line and nothing else.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>Whether it only says that the connection lives, so that it need not wait for text that came before it.</summary>
    public bool MayOvertake { get; set; }

    /// <summary>Whether nothing that still comes can change it.</summary>
    public bool IsDecided
    {
        get
        {
            foreach (var piece in Pieces)
            {
                if (!piece.IsDecided)
                {
                    return false;
                }
            }

            return Calls.Count == 0 || Calls.TrueForAll(static call => call.IsDecided);
        }
    }

    /// <summary>Makes further edits.</summary>
    /// <param name="edits">Edits of <see cref="Current"/>: ascending by segment and span, never overlapping.</param>
    public void Apply(TextEdit[] edits)
    {
        if (edits.Length == 0)
        {
            return;
        }

        if (_final is null && _edits.Length == 0)
        {
            _edits = edits;
        }
        else
        {
            Composed().Apply(edits);
        }
    }

    private EditComposition Composed()
    {
        if (_final is null)
        {
            _final = new EditComposition(Content);
            _final.Apply(_edits);
        }

        return _final;
    }
}

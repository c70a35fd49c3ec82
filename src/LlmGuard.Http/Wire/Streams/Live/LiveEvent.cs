using LlmGuard.Execution.Edits;

namespace LlmGuard.Http.Wire.Streams.Live;

/// <summary>One event of a stream between its arrival and its release.</summary>
internal sealed class LiveEvent
{
    /// <summary>The event as it came. Longer than <see cref="Length"/> where the array has been used before.</summary>
    public byte[] Raw { get; set; } = [];

    public int Length { get; set; }

    public ReadOnlySpan<byte> Bytes => Raw.AsSpan(0, Length);

    /// <summary>What it carries; null when that is nothing to judge, or when <see cref="Shape"/> says it.</summary>
    public StreamFrame? Frame { get; set; }

    /// <summary>What a binary message carries: each text, and how it is put back.</summary>
    public List<FramedPiece> Framed { get; } = [];

    /// <summary>The shape it shares with events before it; null when it was read in full.</summary>
    public EventShape? Shape { get; set; }

    /// <summary>Its segments.</summary>
    public GuardrailContent Content { get; set; } = GuardrailContent.Empty;

    /// <summary>The edits of texts that stand in it as a whole.</summary>
    public TextEdit[] Edits { get; set; } = [];

    /// <summary>Its content as it will leave; only made where somebody looks at that.</summary>
    public EditComposition? Final { get; set; }

    /// <summary>Where names, ids and comments stand.</summary>
    public Dictionary<int, TextSpan> LineValues { get; set; } = [];

    /// <summary>Its pieces of texts that go on.</summary>
    public List<LivePiece> Pieces { get; } = [];

    /// <summary>Texts assembled from this event and others.</summary>
    public List<LiveCall> Calls { get; } = [];

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

    public void Keep(ReadOnlySpan<byte> bytes)
    {
        Raw = Raw.Length >= bytes.Length ? Raw : new byte[bytes.Length];
        bytes.CopyTo(Raw);
        Length = bytes.Length;
    }

    /// <summary>Makes it ready for another event of a known shape.</summary>
    public void Clear()
    {
        // The bytes are content of one caller: the next use writes over them, and only as far as it goes they are read.
        Pieces.Clear();
        Shape = null;
    }
}

namespace LlmGuard;

/// <summary>Everything about a segment except its payload.</summary>
/// <remarks>
/// Make it with <c>new</c>: the default value of the type has the position 0, 0, 0, 0 instead of <see cref="SegmentPosition.None"/>.
/// </remarks>
public readonly record struct SegmentInfo()
{
    /// <summary>Who speaks. Unknown by default.</summary>
    public SegmentRole Role { get; init; } = SegmentRole.Unknown;

    /// <summary>What the segment is. Unknown by default.</summary>
    public SegmentKind Kind { get; init; } = SegmentKind.Unknown;

    /// <summary>Which part of the message it came from. The body by default.</summary>
    public SegmentSource Source { get; init; } = SegmentSource.Body;

    /// <summary>Where in the conversation it stands.</summary>
    public SegmentPosition Position { get; init; } = SegmentPosition.None;

    /// <summary>A name that goes with it: of the tool, the header, the query parameter. Null when there is none.</summary>
    public string? Name { get; init; }

    /// <summary>Segments with the same number of at least 0 are leaves of one JSON text (tool arguments). -1 when alone.</summary>
    public int Group { get => field - 1; init => field = value + 1; }

    /// <summary>
    /// Text segments with the same number of at least 0 are read by the model as one text, whatever stands between them. -1 when alone.
    /// </summary>
    public int Join { get => field - 1; init => field = value + 1; }

    /// <summary>What an edit may touch. Any span by default.</summary>
    public Editability Editability { get; init; } = Editability.Span;

    /// <summary>Names role, kind, source and position. Not the name, which the sender may have chosen.</summary>
    public override string ToString() => $"{Role}, {Kind}, {Source}, {Position}";
}

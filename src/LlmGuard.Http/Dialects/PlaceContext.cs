namespace LlmGuard.Http.Dialects;

/// <summary>What is known about a place from what surrounds it.</summary>
internal readonly record struct PlaceContext()
{
    public SegmentRole Role { get; init; } = SegmentRole.Unknown;

    public SegmentKind Kind { get; init; } = SegmentKind.Unknown;

    public SegmentPosition Position { get; init; } = SegmentPosition.None;

    public string? Name { get; init; }

    public Editability Editability { get; init; } = Editability.Span;

    /// <summary>Number of the walk's slot for texts that are read as one; -1 for none.</summary>
    public int Join { get; init; } = -1;

    /// <summary>Number of the walk's slot for leaves of one JSON text; -1 for none.</summary>
    public int Group { get; init; } = -1;

    /// <summary>Number of the message or choice that derived values belong to; -1 for none.</summary>
    public int Scope { get; init; } = -1;
}

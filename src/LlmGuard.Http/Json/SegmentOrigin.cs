namespace LlmGuard.Http.Json;

/// <summary>Where the text of a segment stands in a JSON text.</summary>
internal readonly record struct SegmentOrigin
{
    public OriginKind Kind { get; init; }

    /// <summary>Offset of the raw value, of a string without its quote.</summary>
    public int Start { get; init; }

    public int Length { get; init; }

    public bool HasEscapes { get; init; }

    /// <summary>Index of the nested text that <see cref="Start"/> counts in; -1 for the body itself.</summary>
    public int Nested { get; init; }

    /// <summary>Number of the message or choice whose derived copies an edit invalidates; -1 for none.</summary>
    public int Scope { get; init; }

    /// <summary>Whether it is the scope's own text, into which annotations point.</summary>
    public bool IsMessage { get; init; }

    /// <summary>Index of its choice; -1 for none.</summary>
    public int Choice { get; init; }

    /// <summary>Index of its block or item; -1 for none.</summary>
    public int Block { get; init; }
}

/// <summary>How an edit gets back into the bytes.</summary>
internal enum OriginKind : byte
{
    /// <summary>Not at all.</summary>
    Fixed,

    /// <summary>Span by span, inside a string.</summary>
    String,

    /// <summary>Whole: a number becomes a string.</summary>
    Number,
}

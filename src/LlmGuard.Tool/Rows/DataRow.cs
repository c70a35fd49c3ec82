namespace LlmGuard.Tool.Rows;

/// <summary>One line of input.</summary>
internal sealed record DataRow
{
    /// <summary>The id as JSON, or null.</summary>
    public byte[]? Id { get; init; }

    public required ReadOnlyMemory<byte> Text { get; init; }

    public string? Role { get; init; }

    /// <summary>Whether something is to be found in the text; null when not stated.</summary>
    public bool? Label { get; init; }

    /// <summary>What is to be found where; null when not stated.</summary>
    public IReadOnlyList<GoldSpan>? Spans { get; init; }

    /// <summary>Whether <see cref="Spans"/> are all there are, rather than all of the types in <see cref="Scope"/>.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The types the row is about; null for all.</summary>
    public IReadOnlyList<string>? Scope { get; init; }

    /// <summary>Whether the text is one value of the type <see cref="Category"/> and nothing else.</summary>
    public bool IsValueOnly { get; init; }

    public string? Category { get; init; }

    /// <summary>Whether the label speaks of a single rule of whoever made the data.</summary>
    public bool HasLabelScope { get; init; }
}

/// <summary>A labelled span.</summary>
/// <param name="Start">First code point.</param>
/// <param name="End">The code point after the last.</param>
/// <param name="Type">What it is, in the words of the data.</param>
internal readonly record struct GoldSpan(int Start, int End, string Type);

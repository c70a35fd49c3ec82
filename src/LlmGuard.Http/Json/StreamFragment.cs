using LlmGuard.Http.Json.Edits;

namespace LlmGuard.Http.Json;

/// <summary>A piece, in one event, of a text that is assembled over a stream.</summary>
internal sealed class StreamFragment(ReadOnlyMemory<byte> text, SegmentOrigin origin)
{
    /// <summary>The piece, unescaped.</summary>
    public ReadOnlyMemory<byte> Text { get; } = text;

    public SegmentOrigin Origin { get; } = origin;

    /// <summary>What became of it, in ascending order: spans of <see cref="Text"/> and their replacements.</summary>
    public List<RawEdit> Edits { get; } = [];
}

/// <summary>What tells the texts of one stream apart.</summary>
/// <param name="Choice">Choice index; -1 where the dialect has none.</param>
/// <param name="Block">Content block or tool call index; -1 for none.</param>
/// <param name="Field">The field, such as <c>content</c>.</param>
internal readonly record struct StreamChannel(int Choice, int Block, string Field);

using System.Text;

namespace LlmGuard;

/// <summary>One piece of a call's content: who says it, what it is, and its text or bytes.</summary>
/// <remarks>
/// A small view into a <see cref="GuardrailContent"/>; copying it copies no text. Text handed to an evaluator is valid until the evaluator's
/// task completes and must not be kept longer. Safe for concurrent reads. The default value belongs to no content and throws on use.
/// </remarks>
public readonly struct Segment : IEquatable<Segment>
{
    private readonly GuardrailContent _content;

    internal Segment(GuardrailContent content, int index)
    {
        _content = content;
        Index = index;
    }

    /// <summary>The number of this segment within its call; the same in every filtered view. Findings and edits refer to it.</summary>
    public int Index { get; }

    /// <summary>Who speaks.</summary>
    public SegmentRole Role => Data.Role;

    /// <summary>What the segment is.</summary>
    public SegmentKind Kind => Data.Kind;

    /// <summary>Which part of the message it came from.</summary>
    public SegmentSource Source => Data.Source;

    /// <summary>Where in the conversation it stands.</summary>
    public SegmentPosition Position => Data.Position;

    /// <summary>A name that goes with it (tool, header, query parameter), or null.</summary>
    public string? Name => Data.Name;

    /// <summary>Segments with the same group of at least 0 are leaves of one JSON text; -1 when alone.</summary>
    public int Group => Data.Group;

    /// <summary>What an edit may touch.</summary>
    public Editability Editability => Data.Editability;

    /// <summary>What the segment carries.</summary>
    public PayloadKind Payload => Data.Payload;

    /// <summary>Why the payload is not text; null for text.</summary>
    public UninspectedKind? Uninspected => Data.Uninspected;

    /// <summary>The media type of a binary payload (RFC 6838), or null.</summary>
    public string? MediaType => Data.MediaType;

    /// <summary>Where a binary payload can be fetched, or null when it is given by value.</summary>
    public Uri? Uri => Data.Uri;

    /// <summary>The bytes of a binary payload given by value; empty otherwise.</summary>
    public ReadOnlyMemory<byte> Bytes => Data.Payload == PayloadKind.Binary ? Data.Utf8 : default;

    /// <summary>The unescaped text as valid UTF-8; empty when the payload is not text. Spans and edits count these bytes.</summary>
    public ReadOnlyMemory<byte> Utf8 => _content.Utf8At(Index);

    /// <summary>The text as a string; empty when the payload is not text. Made on first use and kept with the content.</summary>
    public string Text => _content.TextAt(Index);

    internal ref readonly SegmentData Data => ref _content.DataAt(Index);

    /// <summary>Converts a span counted in UTF-16 code units of <see cref="Text"/> to one counted in bytes of <see cref="Utf8"/>.</summary>
    /// <param name="start">First code unit, from 0.</param>
    /// <param name="length">Number of code units, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span lies outside the text, or cuts a surrogate pair.</exception>
    public TextSpan ToUtf8(int start, int length) => OffsetConversion.FromUtf16(Text, start, length);

    /// <summary>Converts a span counted in Unicode code points to one counted in bytes of <see cref="Utf8"/>.</summary>
    /// <param name="start">First code point, from 0.</param>
    /// <param name="length">Number of code points, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span lies outside the text.</exception>
    public TextSpan CodePointsToUtf8(int start, int length) => OffsetConversion.FromCodePoints(Utf8.Span, start, length);

    /// <inheritdoc/>
    public bool Equals(Segment other) => ReferenceEquals(_content, other._content) && Index == other.Index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Segment other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Index;

    /// <summary>Whether both are the same segment of the same content.</summary>
    public static bool operator ==(Segment left, Segment right) => left.Equals(right);

    /// <summary>Whether they are different segments.</summary>
    public static bool operator !=(Segment left, Segment right) => !left.Equals(right);

    /// <summary>Describes the segment without its content: index, role, kind and size.</summary>
    public override string ToString() => _content is null
        ? "(no segment)"
        : new StringBuilder("segment ").Append(Index).Append(" (").Append(Role).Append(", ").Append(Kind).Append(", ")
            .Append(Payload == PayloadKind.Text ? Utf8.Length : Bytes.Length).Append(" bytes)").ToString();
}

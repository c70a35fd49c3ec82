namespace LlmGuard.Http.Json;

/// <summary>A value or key of a JSON text by its place in the bytes.</summary>
internal struct JsonToken
{
    /// <summary>Offset of the first byte: of a string or key the one after the quote, of a container its bracket.</summary>
    public int Start;

    /// <summary>Number of bytes: of a string or key without the quotes, of a container with both brackets.</summary>
    public int Length;

    /// <summary>Index of the token that follows this value with everything in it; for a key the index of its value.</summary>
    public int Next;

    public JsonTokenKind Kind;

    /// <summary>Whether a string or key holds escapes, so that its bytes are not its text.</summary>
    public bool HasEscapes;

    public readonly int End => Start + Length;
}

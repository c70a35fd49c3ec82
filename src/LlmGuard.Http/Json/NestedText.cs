namespace LlmGuard.Http.Json;

/// <summary>JSON inside a string of the body, and where that string stands.</summary>
/// <param name="Start">Offset of the raw string without its quote.</param>
/// <param name="Length">Raw length.</param>
/// <param name="HasEscapes">Whether the raw string has escapes.</param>
/// <param name="Inner">The unescaped text.</param>
internal sealed record NestedText(int Start, int Length, bool HasEscapes, ReadOnlyMemory<byte> Inner);

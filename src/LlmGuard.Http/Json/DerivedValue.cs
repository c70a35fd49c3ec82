namespace LlmGuard.Http.Json;

/// <summary>A value that repeats or points into a text, and is emptied when that text is edited.</summary>
/// <param name="Start">Offset of the raw value.</param>
/// <param name="Length">Raw length.</param>
/// <param name="Scope">The message or choice whose text it derives from.</param>
/// <param name="MessageOnly">Whether only edits of the scope's own text matter: offsets do not point into tool calls.</param>
/// <param name="Position">Where it stands: in a stream the text may have been edited in an event before.</param>
/// <param name="IsArray">Whether it becomes an empty array rather than null.</param>
internal readonly record struct DerivedValue(int Start, int Length, int Scope, bool MessageOnly, SegmentPosition Position, bool IsArray);

namespace LlmGuard.Http.Json;

/// <summary>A container whose end has not come yet, while something in it is read.</summary>
/// <param name="Marks">The marks of its keys.</param>
/// <param name="Token">Its token.</param>
/// <param name="IsSuspect">Whether two of its keys may be the same.</param>
/// <param name="IsObject">Whether it is an object.</param>
internal readonly record struct OpenContainer(ulong Marks, int Token, bool IsSuspect, bool IsObject);

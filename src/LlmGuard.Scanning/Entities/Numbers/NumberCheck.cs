namespace LlmGuard.Scanning.Entities.Numbers;

/// <summary>Whether the check digits of a number, and what else is known of it, are right.</summary>
/// <param name="characters">ASCII digits and capitals, without separators.</param>
internal delegate bool NumberCheck(ReadOnlySpan<byte> characters);
